import { useSignal } from "@preact/signals";
import { grouped, percent, shown } from "../../models/number.js";
import type { Table } from "../../models/table.js";
import { TableView } from "../tableView.js";
import type { CtcProps, CtcState } from "./screen.js";

/** More are not listed; the worker says the same. */
const LISTABLE = 20_000;

/** The likeliest alignments with their shares; those of them that are listed, in pages. */
export function Alignments({ answer, store, state, ask }: CtcProps) {
  const { drawn, symbols, count, kind } = answer.lattice;
  const every = useSignal<{ readonly state: CtcState; readonly list: typeof answer.lattice.alignments } | undefined>(
    undefined,
  );
  const few = BigInt(count) <= BigInt(answer.lattice.alignments.length);
  const list = async () => {
    const found = few ? undefined : await ask("ctc", "everyAlignment", state);
    if (found !== undefined) every.value = { state, list: found };
  };
  const alignments = every.value?.state === state ? every.value.list : answer.lattice.alignments;
  const text = (path: readonly number[]) => path.map((k) => symbols[k]).join("");
  const table: Table = {
    head: ["alignment", "share", "ln p"],
    rows: alignments.map(({ path, share, logProb }) => [text(path), percent(share), shown(logProb)]),
  };
  const draws = drawn.reduce((sum, { times }) => sum + times, 0);
  const held = alignments.reduce((sum, { share }) => sum + share, 0);
  const drawnTable: Table = {
    head: ["alignment", "times"],
    rows: drawn.map(({ path, times }) => [text(path), times]),
  };
  const complete = BigInt(count) <= BigInt(alignments.length);
  return (
    <section class="plate" aria-labelledby="likeliest">
      <h2 class="part" id="likeliest">
        Likeliest alignments
      </h2>
      {alignments.length === 0 && <p class="muted">There is none: the label needs more frames.</p>}
      {alignments.length > 0 && (
        <table>
          <thead>
            <tr>
              <th scope="col">Alignment</th>
              <th scope="col">Share</th>
            </tr>
          </thead>
          <tbody>
            {alignments.slice(0, 5).map(({ path, share }) => (
              <tr key={text(path)}>
                <th scope="row" class="path">
                  {kind === "ctc" ? (
                    <button
                      type="button"
                      class="plain"
                      onClick={() => store.set({ built: text(path).replaceAll("∅", "-") })}
                    >
                      {text(path)}
                    </button>
                  ) : (
                    text(path)
                  )}
                </th>
                <td>{percent(share)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {alignments.length > 5 && (
        <details key={store.link.value} class="more" onToggle={(event) => event.currentTarget.open && list()}>
          <summary>
            {complete
              ? `All ${grouped(count)}`
              : Number(count) <= LISTABLE
                ? `All ${grouped(count)}`
                : `The likeliest ${alignments.length} of ${grouped(count)}`}
          </summary>
          {!complete && <p class="hint">Together they hold {percent(held)} of the weight.</p>}
          <TableView table={table} label="alignments" />
        </details>
      )}
      {draws > 0 && Number(count) > LISTABLE && (
        <details class="more">
          <summary>{draws} drawn with their probabilities</summary>
          <p class="hint">
            A sample of all {grouped(count)}, in which {drawn.length} different ones came.
          </p>
          <TableView table={drawnTable} label="drawn alignments" />
        </details>
      )}
    </section>
  );
}
