import { SeqlossError } from "../core/errors.js";

/** Options as other libraries call them, where more differs than the way of writing. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  blankId: "blank",
  blankIndex: "blank",
  fromLogits: "inputs",
  inputLengths: "lengths",
  padIndex: "ignoreIndex",
  posWeight: "positiveWeight",
  sampleWeight: "weights",
  targetLengths: "labelLengths",
  weight: "classWeights, or weights of sequences and steps",
};

const camelCase = (name: string): string => name.replaceAll(/_+(.)/g, (_, letter: string) => letter.toUpperCase());

/** Refuses options of other libraries, which would be passed over in silence where no types are checked. */
export function checkNames(where: string, options: object): void {
  for (const name in options) {
    const written = name.includes("_") ? camelCase(name) : name;
    const ours = Object.hasOwn(ELSEWHERE, written) ? ELSEWHERE[written] : written;
    if (ours === name || options[name as never] === undefined) continue;
    throw new SeqlossError(where, "OPTION", {
      argument: "an option",
      expected: `${ours}, as it is called here`,
      found: name,
    });
  }
}
