import { describe, expect, it } from "vitest";
import { crc32c } from "./crc32.js";
import { encodeTensorboard, recordEnds, type ScalarEvent } from "./tensorboard.js";

const EVENTS: readonly ScalarEvent[] = [
  { step: 300, wallTime: 1.5, scalars: { "train/loss": 0.5, "validation/x": -2 } },
  { step: 5e9, wallTime: 1790000000.25, scalars: { "train/é": Number.NaN } },
];

/** The same events, as the record writer and the protocol buffers of TensorBoard 2.21 write them. */
const WRITTEN =
  "GAAAAAAAAACjf0siCQAAAAAAAPg/Gg1icmFpbi5FdmVudDoyKihkbDYAAAAAAAAAT1eM7wkAAAAAAAD4PxCsAiooChEKCnRyYWluL2xvc3MVAAAAPwoT" +
  "Cgx2YWxpZGF0aW9uL3gVAAAAwKVPa2wiAAAAAAAAAHgRPf0JAAAQ4E6s2kEQgOSX0BIqEQoPCgh0cmFpbi/DqRUAAMB/FFODrw==";

describe("encodeTensorboard", () => {
  it("writes the bytes that TensorBoard's own writer writes", () => {
    expect(Buffer.from(encodeTensorboard(EVENTS)).toString("base64")).toBe(WRITTEN);
  });

  it("goes on with a file, event by event, to the same bytes", () => {
    const parts = EVENTS.map((event, n) => encodeTensorboard([event], { continued: n > 0 }));
    expect(Buffer.concat(parts).toString("base64")).toBe(WRITTEN);
  });
});

describe("recordEnds", () => {
  it("finds the records that are whole, wherever the file is cut or damaged", () => {
    const file = encodeTensorboard(EVENTS);
    const ends = recordEnds(file);
    expect(ends).toEqual([40, 110, 160]);
    for (let size = 0; size <= file.length; size++) {
      expect(recordEnds(file.subarray(0, size))).toEqual(ends.filter((end) => end <= size));
    }
    for (let at = 40; at < 110; at++) {
      const damaged = file.slice();
      damaged[at] ^= 1;
      expect(recordEnds(damaged)).toEqual([40]);
    }
  });
});

describe("crc32c", () => {
  it("has the check value of the standard", () => {
    expect(crc32c(new TextEncoder().encode("123456789"))).toBe(0xe3069283);
  });
});
