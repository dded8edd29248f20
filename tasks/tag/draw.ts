/** Columns of a terminal. */
const WIDTH = 100;

/** Words over their tags, in columns; where the right tags are known, they stand below where they differ. */
export function drawTags(words: readonly string[], tags: readonly string[], truth?: readonly string[]): string[] {
  const rows = [words, tags];
  if (truth?.some((tag, t) => tag !== tags[t])) rows.push(truth.map((tag, t) => (tag === tags[t] ? "" : `(${tag})`)));
  const widths = words.map((_, t) => Math.max(...rows.map((row) => Array.from(row[t]).length)) + 2);
  const lines: string[] = [];
  for (let start = 0; start < words.length; ) {
    let end = start + 1;
    let width = widths[start];
    while (end < words.length && width + widths[end] <= WIDTH) width += widths[end++];
    for (const row of rows) {
      const cells = row
        .slice(start, end)
        .map((cell, n) => cell + " ".repeat(widths[start + n] - Array.from(cell).length));
      const line = cells.join("").trimEnd();
      if (line !== "") lines.push(line);
    }
    start = end;
  }
  return lines;
}

/** "play [artist the beatles] on [service spotify]" */
export function bracketSlots(words: readonly string[], tags: readonly string[]): string {
  const parts: { type: string | undefined; words: string[] }[] = [];
  words.forEach((word, t) => {
    const type = tags[t] === "O" ? undefined : tags[t].slice(2);
    const last = parts[parts.length - 1];
    const goesOn = last !== undefined && last.type === type && type !== undefined && tags[t].startsWith("I");
    if (goesOn) last.words.push(word);
    else parts.push({ type, words: [word] });
  });
  return parts
    .map(({ type, words: own }) => (type === undefined ? own.join(" ") : `[${type} ${own.join(" ")}]`))
    .join(" ");
}
