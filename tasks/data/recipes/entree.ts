import { type Original, type Recipe, textOf } from "../recipe.js";

const HOME =
  "https://raw.githubusercontent.com/adityaraute/Restaurant-Recommender/1614005a768d8d3f04f04f89fc6a61905c716f28/entree/session";
/** In the order of time. */
const QUARTERS: readonly (readonly [string, number, string])[] = [
  ["1996-Q3", 60487, "64872680c7a4d039c41c30c5c4bb01603894d273f4eeebe9a2f29d207ded835e"],
  ["1996-Q4", 119552, "646a5e9fc25c200f59b043634168ed95284d330c04be6c2bf379243fde5f0b24"],
  ["1997-Q1", 340459, "ef006a9dfe9808ffdc273a02e6fead651101a74444a1d21d82e0657733777153"],
  ["1997-Q2", 271765, "0ea5ed50e54c2e881f12c8cf244d391687c77e8430fc8e001ef29ffffa063a94"],
  ["1997-Q3", 262062, "655711a516ce0203c6adda9d8227fd33a5bf53fc4a810cf58820b3f566b656a0"],
  ["1997-Q4", 238327, "8d9d2dce496e983b787f5b6ec4756a39b948cf7f88feeaba78644eb9b78fc779"],
  ["1998-Q1", 355512, "300d63a4ecd59d009f38e00616c81de09290c7c3a55841c264683e81ce3bddaa"],
  ["1998-Q2", 371629, "e483d2bc15ca764f3d975ef36666ce72426d9c4554fa730be96464971582bfc1"],
  ["1998-Q3", 332033, "1ce20a35109820035128d2de58d7c5a986c11ba7fe777261be4aea35aad55dea"],
  ["1998-Q4", 530325, "ae521766b3947f97de113547d7391dd33f5b1de778560c0070e9a90b5cea71dc"],
  ["1999-Q1", 413971, "c8a56ae0eec33eca22370b3d2a4acd40d92991cd75c3b4e8d1e6731263448c21"],
  ["1999-Q2", 76650, "d8b559ccd365f02e01df7ab57b6b8fbdaa76c8ff257b8d1ee6ee385ad72f6bc9"],
];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** The sessions of all quarters in the order of time, visitors numbered instead of named by their hosts. */
export const entree: Recipe = {
  originals: QUARTERS.map(([quarter, bytes, sha256]): Original => {
    const name = `session.${quarter}`;
    return { name, bytes, sha256, download: `${HOME}/${name}` };
  }),
  convert(originals) {
    const quarters = QUARTERS.map(([quarter]) => textOf(originals, `session.${quarter}`));
    return new Map([["sessions.tsv.gz", Buffer.from(joinSessions(quarters))]]);
  },
};

/**
 * Lines "time<tab>visitor<tab>entry<tab>steps<tab>end" of lines "time<tab>host<tab>entry<tab>step<tab>...<tab>end". A step that
 * was logged twice is written once.
 */
export function joinSessions(quarters: readonly string[]): string {
  const visitors = new Map<string, number>();
  const sessions = quarters
    .flatMap((quarter) => quarter.split("\n"))
    .filter((line) => line !== "")
    .map((line) => {
      const [time, host, entry, ...steps] = line.split("\t").map((field) => field.trim());
      const end = steps.pop();
      if (!visitors.has(host)) visitors.set(host, visitors.size + 1);
      const path = steps.filter((step, i) => step !== steps[i - 1]).join(" ");
      return { time: isoTime(time), text: [visitors.get(host), entry, path, end].join("\t") };
    });
  return sessions
    .sort((a, b) => (a.time < b.time ? -1 : Number(a.time > b.time)))
    .map(({ time, text }) => `${time}\t${text}\n`)
    .join("");
}

/** 1996-09-07T12:17:05 of 07/Sep/1996:12:17:05 */
function isoTime(time: string): string {
  const [day, month, year, ...clock] = time.split(/[/:]/);
  return `${year}-${String(MONTHS.indexOf(month) + 1).padStart(2, "0")}-${day}T${clock.join(":")}`;
}
