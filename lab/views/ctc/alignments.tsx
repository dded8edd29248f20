import { grouped, percent, shown } from "../../models/number.js";
import type { Table } from "../../models/table.js";
import { TableView } from "../tableView.js";
import type { CtcProps } from "./screen.js";

/** The likeliest alignments with their shares; those of them that are listed, in pages. */
export function Alignments({ answer, store }: CtcProps) {
  const { alignments, symbols, count, kind } = answer.lattice;
  const text = (path: readonly number[]) => path.map((k) => symbols[k]).join("");
  const table: Table = {
    head: ["alignment", "share", "ln p"],
    rows: alignments.map(({ path, share, logProb }) => [text(path), percent(share), shown(logProb)]),
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
        <details class="more">
          <summary>
            {complete ? `All ${grouped(count)}` : `The likeliest ${alignments.length} of ${grouped(count)}`}
          </summary>
          <TableView table={table} label="alignments" />
        </details>
      )}
    </section>
  );
}
