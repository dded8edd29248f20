import type { RunHandle } from "./useRun.js";

/** What `diagnose` says of the run. */
export function Verdict({ run }: { readonly run: RunHandle }) {
  const live = run.live.value;
  const findings = live?.findings ?? [];
  return (
    <section class="plate" aria-labelledby="verdict">
      <h2 class="part" id="verdict">
        Verdict
      </h2>
      {findings.length === 0 && (
        <p class="hint">
          {live === undefined || live.losses.length < 50
            ? "After some steps: what is wrong, and what to try."
            : "Nothing is wrong with this run so far."}
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
