import type { LossState } from "./screen.js";

/** A list of [place, value] with one of them put. */
export function put(list: LossState["edits"], place: number, value: number): LossState["edits"] {
  return [...list.filter(([at]) => at !== place), [place, value]];
}
