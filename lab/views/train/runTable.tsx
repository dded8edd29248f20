import { type Signal, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { percent, shown } from "../../models/number.js";
import { smoothed } from "../../models/trainCurve.js";
import { useRoot } from "../root.js";
import { colours } from "./colours.js";
import { type ListedRun, listRuns, readRun } from "./commandLineRuns.js";
import type { KeptRun } from "./state.js";

interface Props {
  /** The step that is read off in the figures. */
  readonly cursor: Signal<number | undefined>;
  readonly runs: readonly KeptRun[];
  readonly onDrop: (name: string) => void;
  readonly onAdd: (run: KeptRun) => void;
}

/** Names of runs that are not kept: they cannot be removed. */
const live = new Set(["now", "A", "B", "recorded"]);

/** Every new look at the folder of runs, in milliseconds. */
const PAUSE = 3000;

const said = (run: KeptRun, first: KeptRun): string => {
  const { settings } = run;
  if (settings === undefined) return "";
  const base = first.settings;
  const changed = Object.entries(settings).filter(([key, value]) => base?.[key as keyof typeof base] !== value);
  return (
    run === first || base === undefined
      ? [
          ["task", settings.task],
          ["cell", settings.cell],
        ]
      : changed
  )
    .filter(([key]) => key !== "changes")
    .map(([key, value]) => `${key} ${value}`)
    .join(", ");
};

const readAt = ({ losses, stood = [] }: KeptRun, step: number): string => {
  const value = (stood.length > 0 ? stood : losses)[step - 1];
  return value === undefined ? "" : shown(value, 3);
};

/** The least loss, or the longest that poles stood. */
function best({ losses, stood = [] }: KeptRun): number {
  if (stood.length > 0) return stood.reduce((a, b) => Math.max(a, b));
  return losses.reduce((a, b) => (b < a ? b : a), losses[0] ?? Number.NaN);
}

/** Runs side by side: the last loss and the best, and what differs from the first; with the lab's server, those of the command line too. */
export function RunTable({ runs, cursor, onDrop, onAdd }: Props) {
  const at = cursor.value;
  const root = useRoot();
  const listed = useSignal<readonly ListedRun[]>([]);
  const drawn = useRef<ReadonlySet<string>>(new Set());
  drawn.current = new Set(runs.map(({ name }) => name));
  const add = async (name: string) => {
    const run = await readRun(root, name);
    if (run !== undefined) onAdd(run);
  };
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const look = async () => {
      const found = await listRuns(root);
      if (found === undefined) return; // a server of files alone
      const before = new Map(listed.value.map(({ name, lines }) => [name, lines]));
      listed.value = found;
      for (const { name, lines } of found) {
        if (before.has(name) && before.get(name) !== lines && drawn.current.has(name)) await add(name);
      }
      timer = setTimeout(look, PAUSE);
    };
    look();
    return () => clearTimeout(timer);
  }, [root]);
  return (
    <section class="plate" aria-labelledby="runs">
      <h2 class="part" id="runs">
        Runs
      </h2>
      <table>
        <thead>
          <tr>
            <th scope="col">Run</th>
            <th scope="col">best</th>
            <th scope="col">last</th>
            {at !== undefined && <th scope="col">at {at}</th>}
            <th scope="col">wrong</th>
            <th scope="col">
              <span class="hidden">Remove</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run, i) => (
            <tr key={run.name}>
              <th scope="row">
                <svg class="swatch" viewBox="0 0 16 8" aria-hidden="true">
                  <path class={`series ${colours[i]}`} d="M0 4H16" />
                </svg>{" "}
                {run.name} <span class="hint">{said(run, runs[0])}</span>
              </th>
              <td>{shown(best(run), 3)}</td>
              <td>{shown(smoothed(run.stood?.length ? run.stood : run.losses, 0.9).at(-1) ?? Number.NaN, 3)}</td>
              {at !== undefined && <td>{readAt(run, at)}</td>}
              <td>{run.wrong === undefined ? "" : percent(run.wrong)}</td>
              <td>
                {!live.has(run.name) && (
                  <button type="button" aria-label={`Remove run ${run.name}`} onClick={() => onDrop(run.name)}>
                    ×
                  </button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {listed.value.length > 0 && (
        <>
          <h3>Of the command line</h3>
          <ul class="plain-list">
            {listed.value.slice(-8).map(({ name, lines }) => (
              <li key={name}>
                <button type="button" onClick={() => add(name)}>
                  {name}
                </button>{" "}
                <span class="hint">{lines} lines</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
