import type { RunHandle } from "./useRun.js";

interface Props {
  readonly run: RunHandle;
  /** A or B, where there are two. */
  readonly of: string;
}

/** What `diagnose` says of the run. */
export function Verdict({ run, of }: Props) {
  const id = `verdict${of}`;
  const live = run.live.value;
  const findings = live?.findings ?? [];
  return (
    <section class="plate" aria-labelledby={id}>
      <h2 class="part" id={id}>
        Verdict{of && ` on ${of}`}
      </h2>
      {findings.length === 0 && (
        <p class="hint">
          {live === undefined || live.losses.length < 50
            ? "After some steps: what is wrong, and what to try."
            : "Nothing is wrong with this run so far."}
        </p>
      )}
      {live?.settings.task === "balance" && findings.length > 0 && (
        <p class="hint">
          Judged by the pushes that are missing to the end: the loss of a policy gradient says nothing.
        </p>
      )}
      {findings.map(({ severity, title, evidence, remedy }) => (
        <div key={title} class={`note ${severity === "error" ? "error" : severity === "note" ? "info" : ""}`}>
          <p>
            <b>
              {severity}: {title}
            </b>
          </p>
          <p>{evidence}</p>
          <p>{remedy}</p>
        </div>
      ))}
    </section>
  );
}
