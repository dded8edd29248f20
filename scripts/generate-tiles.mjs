// Writes assembly/tiles.generated.ts: the innermost loop of the matrix product, for tiles of several heights. AssemblyScript
// keeps accumulators in registers only where each is a variable of its own, so they are written out here. The loop is not
// unrolled: V8 then spills some of them, which costs more than the turns.
import { writeFileSync } from "node:fs";

const HEIGHTS = [6, 4, 1];

const each = (count, line) => Array.from({ length: count }, (_, i) => line(i)).join("\n");

// how a tile reads A: some of its rows, each through a pointer of its own; or some of its columns, which stand side by side
const readings = {
  Rows: {
    says: (height) => `${height} rows of A lie aBytes apart`,
    pointers: (height) => each(height - 1, (r) => `  let a${r + 1} = a${r} + aBytes;`),
    end: "a0 + (<usize>K << 2)",
    load: (r) => `v128.load32_splat(a${r})`,
    next: (height) => each(height, (r) => `    a${r} += 4;`),
  },
  Columns: {
    says: (height) => `${height} columns of A, whose rows lie aBytes apart`,
    pointers: () => "",
    end: "a0 + <usize>K * aBytes",
    load: (r) => `v128.load32_splat(a0, ${4 * r})`,
    next: () => "    a0 += aBytes;",
  },
};

const tile = (kind, height) => {
  const { says, pointers, end, load, next } = readings[kind];
  return `
// ${height} × 8: C = ${kind === "Rows" ? "A" : "Aᵀ"} · B, or += . ${says(height)}, a packed panel of B, rows of C columnBytes apart.
// @ts-ignore: decorator
@inline export function tile${kind}${height}(a0: usize, aBytes: usize, panel: usize, c: usize, columnBytes: usize, K: i32, add: bool): void {
${pointers(height)}
${each(height, (r) => `  let s${r}0 = f32x4.splat(0), s${r}1 = f32x4.splat(0);`)}
  const end = ${end};
  while (a0 < end) {
    const b0 = v128.load(panel), b1 = v128.load(panel, 16);
    let value: v128;
${each(height, (r) => `    value = ${load(r)}; s${r}0 = madd(value, b0, s${r}0); s${r}1 = madd(value, b1, s${r}1);`)}
${next(height)}
    panel += 32;
  }
${each(height, (r) => `  keep(c, s${r}0, s${r}1, add);${r + 1 < height ? " c += columnBytes;" : ""}`)}
}
`;
};

const text = `// Written by scripts/generate-tiles.mjs. Not committed.
import { madd } from "./vector";

// @ts-ignore: decorator
@inline function keep(c: usize, s0: v128, s1: v128, add: bool): void {
  v128.store(c, add ? f32x4.add(v128.load(c), s0) : s0);
  v128.store(c, add ? f32x4.add(v128.load(c, 16), s1) : s1, 16);
}
${Object.keys(readings)
  .flatMap((kind) => HEIGHTS.map((height) => tile(kind, height)))
  .join("")}`;
writeFileSync("assembly/tiles.generated.ts", text);
