import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { withQuery } from "../../models/embed.js";
import { keep } from "../../state/kept.js";
import { Check } from "../controls.js";
import { PRESENTED } from "../presenter.js";
import { useRoot } from "../root.js";
import { QrCode } from "./qrCode.js";
import { readersLink, type TeachProps } from "./state.js";

/** The lesson as readers get it; printed, a sheet with room for answers. */
export function Lesson({ store }: Pick<TeachProps, "store">) {
  const root = useRoot();
  const { stops } = store.state.value;
  const address = useSignal("");
  const answered = useSignal(false);
  useEffect(() => {
    address.value = location.href.split("#")[0] + readersLink(store.state.value);
  }, [address, store.link.value, store]);
  const present = () => {
    keep(PRESENTED, stops);
    location.href = root + withQuery(stops[0].link, "present=0");
  };
  return (
    <>
      {stops.length === 0 && <p class="note">There is no stop yet: write some first.</p>}
      <ol class="lines lesson">
        {stops.map(({ link, prompt, answer }, i) => (
          <li key={i} class="plate">
            <h2>
              {i + 1}. {prompt}
            </h2>
            <a class="button" href={root + link}>
              Open it in the lab
            </a>
            {answered.value && answer !== undefined ? (
              <p class="note ok">
                <b>Answer:</b> {answer}
              </p>
            ) : (
              <p class="room" aria-hidden="true" />
            )}
          </li>
        ))}
      </ol>
      {stops.length > 0 && address.value !== "" && <QrCode address={address.value} />}
      {stops.length > 0 && (
        <div class="row controls">
          {stops.some(({ answer }) => answer !== undefined) && (
            <Check label="With answers" value={answered.value} onSet={(on) => (answered.value = on)} />
          )}
          <button type="button" onClick={() => print()}>
            Print the sheet
          </button>
          <button type="button" onClick={present}>
            Present
          </button>
        </div>
      )}
    </>
  );
}
