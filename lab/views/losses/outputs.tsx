import { put } from "./edit.js";
import type { LossProps } from "./screen.js";

/** All outputs as boxes, with the targets beside them. */
export function Outputs({ store, answer }: LossProps) {
  const { outputs, shape, place } = answer;
  const classes = shape.length > 2 ? (shape.at(-1) as number) : 1;
  const lines = outputs.length / classes;
  if (lines > 24) return null;
  const change = (at: number, text: string) => {
    const value = Number(text);
    if (text.trim() === "" || !Number.isFinite(value)) return;
    const kept = Math.min(1000, Math.max(-1000, value));
    store.set({ place: at, edits: put(store.state.value.edits, at, kept) });
  };
  const steps = shape[1] ?? 1;
  const flat = (answer.targets as unknown[]).flat();
  const perStep = flat.length === lines;
  return (
    <details class="plate more">
      <summary>The case: every output and target, to change</summary>
      <section class="scroll grid wide" tabIndex={0} aria-label="Outputs and targets">
        <table>
          <thead>
            <tr>
              <th scope="col">sequence, step</th>
              {Array.from({ length: classes }, (_, k) => (
                <th key={k} scope="col">
                  {classes === 1 ? answer.outputName : `class ${k}`}
                </th>
              ))}
              {perStep && <th scope="col">target</th>}
            </tr>
          </thead>
          <tbody>
            {Array.from({ length: lines }, (_, i) => (
              <tr key={i}>
                <th scope="row">
                  {Math.floor(i / steps)}, {i % steps}
                </th>
                {Array.from({ length: classes }, (_, k) => (
                  <td key={k} class={i * classes + k === place ? "chosen" : undefined}>
                    <input
                      type="number"
                      step="any"
                      aria-label={`Output, sequence ${Math.floor(i / steps)}, step ${i % steps}${classes > 1 ? `, class ${k}` : ""}`}
                      value={Number(outputs[i * classes + k].toPrecision(6))}
                      onChange={(event) => change(i * classes + k, event.currentTarget.value)}
                    />
                  </td>
                ))}
                {perStep && <td>{JSON.stringify(flat[i])}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {!perStep && <p class="hint">Targets: {JSON.stringify(answer.targets)}</p>}
    </details>
  );
}
