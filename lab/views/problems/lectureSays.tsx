import { grouped, shown } from "../../models/number.js";
import type { ProblemProps } from "./screen.js";

/** For the lecture's problems: its answer beside the right ones, and where they part. */
export function LectureSays({ answer }: Pick<ProblemProps, "answer">) {
  const { alignments, printed } = answer;
  if (alignments === undefined) {
    return (
      <section class="plate" aria-label="Why">
        <h2 class="part">Ask yourself</h2>
        <p>Before you open a step: what must be true of its number? Its sign, its size, whether it can pass 1.</p>
      </section>
    );
  }
  return (
    <>
      <section class="plate" aria-labelledby="answers">
        <h2 class="part" id="answers">
          One problem, several answers
        </h2>
        <table>
          <thead>
            <tr>
              <th scope="col">Summed over</th>
              <th scope="col">loss</th>
            </tr>
          </thead>
          <tbody>
            {printed && (
              <tr>
                <th scope="row">as the lecture prints it</th>
                <td>{shown(printed.loss)}</td>
              </tr>
            )}
            <tr>
              <th scope="row">the listed strings</th>
              <td>{shown(alignments.asWritten.loss, 5)}</td>
            </tr>
            <tr>
              <th scope="row">those that read as the target</th>
              <td>{shown(alignments.validOnly.loss, 5)}</td>
            </tr>
            {alignments.complete.flatMap(({ frames, alignments: count, asGiven, normalised }) => [
              <tr key={`${frames} given`}>
                <th scope="row">
                  all {grouped(count)} of {frames} frames, scores as given
                </th>
                <td>{shown(asGiven, 5)}</td>
              </tr>,
              <tr key={`${frames} normalised`}>
                <th scope="row">the same, normalised: the CTC loss</th>
                <td>{shown(normalised, 5)}</td>
              </tr>,
            ])}
          </tbody>
        </table>
      </section>
      {alignments.warnings.length > 0 && (
        <section class="plate" aria-labelledby="warnings">
          <h2 class="part" id="warnings">
            What is wrong with the problem
          </h2>
          {alignments.warnings.map((text) => (
            <p key={text} class="note">
              {text}
            </p>
          ))}
        </section>
      )}
      {printed && (
        <section class="plate" aria-labelledby="parts">
          <h2 class="part" id="parts">
            Where the printed solution parts from it
          </h2>
          {printed.divergences.map(({ place, printed: was, right, note }) => (
            <p key={place} class="note">
              <b>{place}:</b> printed {was}, right {right}. {note}
            </p>
          ))}
        </section>
      )}
    </>
  );
}
