import type { Field } from "./fields.js";

/** One stop of a lesson: a state of the lab, and what to do there. */
export interface Stop {
  /** From the lab's first page: "ctc/#v=1&l=DEEP". */
  readonly link: string;
  readonly prompt: string;
}

const MOST = 8;
const LONGEST = { link: 1500, prompt: 400 };
/** A folder of the lab and perhaps a state: no scheme, no host, nothing that goes up. */
const LINK = /^(?:[A-Za-z0-9]+\/){0,2}(?:#[^\s<>"]*)?$/;

export const isLink = (text: string): boolean => LINK.test(text) && text.length <= LONGEST.link;

/** What somebody pasted, as a link from the lab's first page; undefined where it is none. */
export function relativeLink(pasted: string, home: string): string | undefined {
  const text = pasted.trim();
  const link = text.startsWith(home) ? text.slice(home.length) : text;
  return isLink(link) ? link : undefined;
}

function isStop(value: unknown): value is [string, string] {
  return (
    Array.isArray(value) &&
    value.length === 2 &&
    typeof value[0] === "string" &&
    isLink(value[0]) &&
    typeof value[1] === "string" &&
    value[1].length <= LONGEST.prompt
  );
}

/** Whether what was kept on this device is the stops of a lesson. */
export const isStops = (value: unknown): value is readonly Stop[] =>
  Array.isArray(value) &&
  value.length <= MOST &&
  value.every((stop: Partial<Stop> | null) => isStop([stop?.link, stop?.prompt]));

/** Up to eight stops, in order. */
export function stops(key: string): Field<readonly Stop[]> {
  return {
    key,
    initial: [],
    read(text) {
      try {
        const list: unknown = JSON.parse(text);
        if (!Array.isArray(list) || list.length > MOST || !list.every(isStop)) return undefined;
        return list.map(([link, prompt]) => ({ link, prompt }));
      } catch {
        return undefined;
      }
    },
    write: (list) => JSON.stringify(list.map(({ link, prompt }) => [link, prompt])),
    draw: (uniform) =>
      Array.from({ length: Math.floor(uniform() * (MOST + 1)) }, () => ({
        link: `ctc/#v=1&t=${Math.floor(24 * uniform())}`,
        prompt: `What happens at ${uniform()}? "quotes" & more`,
      })),
  };
}
