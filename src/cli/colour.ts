import picocolors from "picocolors";

const { FORCE_COLOR, NO_COLOR, TERM } = process.env;
const wanted = FORCE_COLOR !== undefined && FORCE_COLOR !== "0";
const refused = NO_COLOR !== undefined && NO_COLOR !== "";

/** Colours on a terminal that has them, unless NO_COLOR is set; elsewhere only when FORCE_COLOR is. */
export const colour = picocolors.createColors(
  !refused && (wanted || (process.stdout.isTTY === true && TERM !== "dumb")),
);
