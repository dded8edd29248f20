import { useSignal } from "@preact/signals";
import { shown } from "../models/number.js";
import type { Table } from "../models/table.js";

const PAGE = 25;

/** A table, 25 rows at a time, in a box of its own that scrolls. */
export function TableView({ table, label }: { readonly table: Table; readonly label: string }) {
  const page = useSignal(0);
  const pages = Math.ceil(table.rows.length / PAGE);
  const first = Math.min(page.value, Math.max(pages - 1, 0)) * PAGE;
  return (
    <>
      <section class="scroll" tabIndex={0} aria-label={`Table: ${label}`}>
        <table>
          <thead>
            <tr>
              {table.head.map((word) => (
                <th key={word} scope="col">
                  {word}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.rows.slice(first, first + PAGE).map((row, i) => (
              <tr key={first + i}>
                {row.map((cell, j) => {
                  const text = typeof cell === "number" ? shown(cell, 6) : cell;
                  return j === 0 ? (
                    <th key={table.head[j]} scope="row">
                      {text}
                    </th>
                  ) : (
                    <td key={table.head[j]}>{text}</td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {pages > 1 && (
        <p class="pager">
          <button type="button" disabled={page.value === 0} onClick={() => page.value--}>
            Before
          </button>{" "}
          rows {first + 1} to {Math.min(first + PAGE, table.rows.length)} of {table.rows.length}{" "}
          <button type="button" disabled={page.value >= pages - 1} onClick={() => page.value++}>
            Next
          </button>
        </p>
      )}
    </>
  );
}
