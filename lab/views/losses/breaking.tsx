import { shown } from "../../models/number.js";
import type { LossProps } from "./screen.js";

/** The formula as a textbook writes it, beside what the library computes. */
export function Breaking({ answer }: LossProps) {
  const { broken } = answer;
  return (
    <section class="plate" aria-labelledby="broken">
      <h2 class="part" id="broken">
        {broken.title}
      </h2>
      <section class="scroll" tabIndex={0} aria-label={`Table: ${broken.title}`}>
        <table>
          <thead>
            <tr>
              <th scope="col">Case</th>
              <th scope="col">{broken.naive}</th>
              <th scope="col">This library</th>
            </tr>
          </thead>
          <tbody>
            {broken.rows.map((row) => {
              const wrong = !(Math.abs(row.naive - row.stable) <= 1e-3 * Math.abs(row.stable));
              return (
                <tr key={row.input}>
                  <th scope="row">{row.input}</th>
                  <td class={wrong ? "bad" : undefined}>
                    {shown(row.naive, 6)}
                    {wrong && " wrong"}
                  </td>
                  <td>{shown(row.stable, 6)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </section>
    </section>
  );
}
