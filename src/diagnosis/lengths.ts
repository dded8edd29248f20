import type { ReadBatch } from "./batch.js";
import type { Finding } from "./finding.js";
import { counted, rounded } from "./phrases.js";

/** Lengths beyond the time axis: those of the input, mostly, where the network has fewer frames than its input. */
export function checkLengths({ outputs, lengths, options }: ReadBatch): Finding[] {
  if (outputs === undefined || lengths === undefined || lengths.length !== outputs.batch) return [];
  const { time } = outputs;
  const beyond = Array.from(lengths).flatMap((length, b) => (length > time ? [b] : []));
  if (beyond.length === 0) return [];
  const longest = Array.from(lengths).reduce((most, length) => Math.max(most, length), 0);
  const name = options.lengths === undefined ? "logitLengths" : "lengths";
  const ratio = longest / time;
  const stride = Math.round(ratio);
  const hint =
    stride >= 2 && time > 0
      ? `If the network keeps one step in ${stride}, give Math.ceil(length / ${stride}) or what its layers leave.`
      : "If the network shortens its input, give the lengths that are left.";
  return [
    {
      code: "lengths-too-long",
      severity: "error",
      title: "Lengths go beyond the time axis",
      evidence: `${counted(beyond.length, "length")} of ${lengths.length} are above ${time}, the steps there are; the longest is ${longest}, ${rounded(ratio)} times as long.`,
      numbers: { steps: time, longest, ratio },
      remedy: `Lengths count the steps of the outputs, not of the input. ${hint}`,
      where: `${name}[${beyond[0]}]`,
    },
  ];
}
