import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { withQuery } from "../models/embed.js";
import { kept } from "../state/kept.js";
import { isStops, type Stop } from "../state/lesson.js";

/** Where a lesson is kept while it is presented. */
export const PRESENTED = "presented";

interface Presented {
  readonly stops: readonly Stop[];
  readonly at: number;
}

/** The lesson that is presented on this page, where it is one. */
function presented(): Presented | undefined {
  const { present } = document.documentElement.dataset;
  const stops = kept(PRESENTED, isStops, []);
  const at = Number(present);
  return present !== undefined && Number.isInteger(at) && stops[at] !== undefined ? { stops, at } : undefined;
}

/** Under a screen that is a stop of a lesson on show: the task, and the way to the next. Arrow keys go there too. */
export function Presenter({ root }: { readonly root: string }) {
  const show = useSignal<Presented | undefined>(undefined);
  useEffect(() => {
    show.value = presented(); // not before: the page at rest knows nothing of it
  }, [show]);
  const now = show.value;
  const address = (at: number) => root + withQuery(now?.stops[at]?.link ?? "", `present=${at}`);
  useEffect(() => {
    if (now === undefined) return;
    const press = (event: KeyboardEvent) => {
      const to = now.at + ({ ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 }[event.key] ?? 0);
      const busy = (event.target as Element).closest("input, select, textarea, button, summary, section[tabindex]");
      if (to !== now.at && now.stops[to] !== undefined && busy === null) location.href = address(to);
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [now]);
  if (now === undefined) return null;
  const { stops, at } = now;
  return (
    <section class="presenter" aria-label="The lesson">
      <p>
        <b>
          {at + 1} of {stops.length}
        </b>{" "}
        {stops[at].prompt}
      </p>
      <div class="row">
        {at > 0 && (
          <a class="button" href={address(at - 1)}>
            Back
          </a>
        )}
        {at < stops.length - 1 && (
          <a class="button" href={address(at + 1)}>
            Next
          </a>
        )}
        <a class="button" href={`${root}teach/`}>
          End
        </a>
      </div>
    </section>
  );
}
