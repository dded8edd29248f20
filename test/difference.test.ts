import fc from "fast-check";
import { expect, it } from "vitest";
import { difference } from "../scripts/difference.mjs";
import { withDifference } from "../src/kernels/difference.js";

const bytes = (most: number) => fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: most });
const text = (words: string) => Buffer.from(words, "latin1");
const remade = (from: Buffer, to: Buffer) => Buffer.from(withDifference(from, difference(from, to)));

it("a file is made of another and their difference, whatever they are", () => {
  const edits = fc.array(fc.record({ at: fc.nat(300), remove: fc.nat(40), insert: bytes(40) }), { maxLength: 12 });
  fc.assert(
    fc.property(bytes(300), edits, (before, changes) => {
      const after = [...before];
      for (const { at, remove, insert } of changes) after.splice(at, remove, ...insert);
      const [from, to] = [Buffer.from(before), Buffer.from(after)];
      expect(remade(from, to)).toEqual(to);
    }),
  );
});

it("what stands elsewhere in the other file is copied, what is new is not", () => {
  const from = text("one sequence, one step, one label; and what is between them");
  const to = text("and what is between them! one sequence, two steps, one label");
  expect(remade(from, to)).toEqual(to);
  expect(difference(from, to).length).toBeLessThan(to.length / 2);
  expect(difference(from, from).length).toBe(4);
});
