import { HEIGHT, type Line } from "./line.js";

/** Half blocks show two rows of pixels in one row of text. */
const BLOCKS: Readonly<Record<string, string>> = { "00": " ", "10": "▀", "01": "▄", "11": "█" };

/** A line drawn with half blocks: ink where a pixel is darker than a third. */
export function drawLine({ pixels, width }: Line): string[] {
  const rows: string[] = [];
  const ink = (x: number, y: number) => (pixels[y * width + x] > 0.33 ? "1" : "0");
  for (let y = 0; y < HEIGHT; y += 2) {
    let row = "";
    for (let x = 0; x < width; x++) row += BLOCKS[ink(x, y) + ink(x, y + 1)];
    rows.push(row.trimEnd());
  }
  while (rows.length > 1 && rows[0] === "") rows.shift();
  while (rows.length > 1 && rows.at(-1) === "") rows.pop();
  return rows;
}
