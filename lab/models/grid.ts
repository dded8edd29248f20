/** A grid that somebody pasted: rows of numbers, parted by commas, semicolons, tabs or blanks. */
export function readGrid(text: string): number[][] | string {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
  if (lines.length === 0) return "There is nothing to read.";
  const grid: number[][] = [];
  for (const [i, line] of lines.entries()) {
    const words = line.split(/[\s,;]+/).filter((word) => word !== "");
    const row = words.map(Number);
    const wrong = row.findIndex((x) => !Number.isFinite(x));
    if (wrong >= 0) return `Line ${i + 1}: "${words[wrong]}" is no number.`;
    if (grid.length > 0 && row.length !== grid[0].length) {
      return `Line ${i + 1} has ${row.length} numbers, line 1 has ${grid[0].length}.`;
    }
    grid.push(row);
  }
  return grid;
}
