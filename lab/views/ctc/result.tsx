import { columnSums } from "../../models/ctcLattice.js";
import { grouped, shown } from "../../models/number.js";
import { Formula } from "../math.js";
import type { CtcProps } from "./screen.js";

/** The loss, what it is the logarithm of, and how it is defined. */
export function Result({ answer }: CtcProps) {
  const { lattice } = answer;
  const { loss, count, entropy, frames, kind } = lattice;
  const sums = columnSums(lattice);
  return (
    <section class="plate" aria-labelledby="result">
      <h2 class="part" id="result">
        Result
      </h2>
      <p class="result">loss {shown(loss, 5)}</p>
      <p class="muted">
        {shown(loss / Math.LN2, 5)} bits; {grouped(count)} {count === "1" ? "alignment" : "alignments"}, total{" "}
        {shown(Math.exp(-loss))}
      </p>
      <Formula
        block
        latex={
          kind === "ctc"
            ? "\\ell = -\\ln \\sum_{\\pi \\in B^{-1}(y)} \\prod_{t} p_{t,\\pi_t}"
            : "\\ell = -\\ln \\sum_{\\pi} \\prod_{(t,u) \\in \\pi} p_{t,u}"
        }
      />
      <p class="hint">
        {kind === "ctc"
          ? "B merges equal neighbours and then drops blanks; π runs over all of T symbols that it maps to the label y."
          : "π runs over the ways from the corner to the end: right is a blank (the next frame), down writes a label."}
      </p>
      {count !== "0" && (
        <>
          <p class="hint">
            The alignments are as undecided as {shown(Math.exp(entropy), 3)} equally likely ones (entropy{" "}
            {shown(entropy, 3)} nats).
          </p>
          {kind === "ctc" && (
            <p class="hint">
              Check: γ adds up to {shown(Math.min(...sums), 6)} at each of {frames} frames (the largest error is{" "}
              {shown(Math.max(...sums.map((sum) => Math.abs(sum - 1))), 1)}).
            </p>
          )}
        </>
      )}
    </section>
  );
}
