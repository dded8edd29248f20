/** Rows of words and numbers under a head: what a figure shows, for readers, screen readers and spreadsheets. */
export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

const cell = (value: string | number): string => {
  const text = String(value);
  if (typeof value === "number") return text;
  // a sheet must not take words for a formula
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/** RFC 4180. */
export const toCsv = ({ head, rows }: Table): string =>
  [head, ...rows].map((row) => `${row.map(cell).join(",")}\r\n`).join("");
