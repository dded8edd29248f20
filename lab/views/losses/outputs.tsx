import { placeName } from "../../models/curve.js";
import { shown } from "../../models/number.js";
import type { Goal } from "../../worker/answers/lossGoals.js";
import { useRoot } from "../root.js";
import { put } from "./edit.js";
import type { LossProps } from "./screen.js";

interface GoalProps {
  readonly goal: Goal;
  readonly name: string;
  readonly onSet: (value: number) => void;
}

/** A target to change: one of a few, or a number. */
export function GoalBox({ goal: { value, among, between }, name, onSet }: GoalProps) {
  return among === undefined ? (
    <input
      type="number"
      step="any"
      min={between?.[0]}
      max={between?.[1]}
      aria-label={name}
      data-term="target"
      value={Number(value.toPrecision(6))}
      onChange={(event) => onSet(event.currentTarget.valueAsNumber)}
    />
  ) : (
    <select aria-label={name} data-term="target" onChange={(event) => onSet(Number(event.currentTarget.value))}>
      {among.map((one) => (
        <option key={one} value={one} selected={one === value}>
          {shown(one)}
        </option>
      ))}
    </select>
  );
}

/** All outputs as boxes, with the targets beside them. */
export function Outputs({ store, answer }: LossProps) {
  const root = useRoot();
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
  const { goals } = answer;
  const perStep = goals.length === lines;
  const aim = (i: number, value: number) => {
    if (Number.isFinite(value)) store.set({ goals: put(store.state.value.goals, i, value) });
  };
  const name = (i: number) => `Target, ${placeName(i, [shape[0], steps])}`;
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
                {perStep && (
                  <td>
                    <GoalBox goal={goals[i]} name={name(i)} onSet={(value) => aim(i, value)} />
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {!perStep && (
        <p class="hint">
          Targets: {JSON.stringify(answer.targets)}
          {answer.name === "ctcLoss" && (
            <>
              ; <a href={`${root}ctc/`}>labels of your own</a> are in the lattice
            </>
          )}
        </p>
      )}
    </details>
  );
}
