import type { Field } from "./fields.js";

/** One stop of a lesson: a state of the lab, and what to do there. */
export interface Stop {
  /** From the lab's first page: "ctc/#v=1&l=DEEP". */
  readonly link: string;
  readonly prompt: string;
  /** What a good answer says: for teachers alone. */
  readonly answer?: string;
}

const MOST = 8;
const LONGEST = { link: 1500, prompt: 400, answer: 400 };
/** A folder of the lab and perhaps a state: no scheme, no host, nothing that goes up. */
const LINK = /^(?:[A-Za-z0-9]+\/){0,2}(?:#[^\s<>"]*)?$/;

export const isLink = (text: string): boolean => LINK.test(text) && text.length <= LONGEST.link;

/** What somebody pasted, as a link from the lab's first page; undefined where it is none. */
export function relativeLink(pasted: string, home: string): string | undefined {
  const text = pasted.trim();
  const link = text.startsWith(home) ? text.slice(home.length) : text;
  return isLink(link) ? link : undefined;
}

function isStop(value: unknown): value is [string, string, string?] {
  return (
    Array.isArray(value) &&
    value.length >= 2 &&
    value.length <= 3 &&
    typeof value[0] === "string" &&
    isLink(value[0]) &&
    typeof value[1] === "string" &&
    value[1].length <= LONGEST.prompt &&
    (value[2] === undefined || (typeof value[2] === "string" && value[2].length <= LONGEST.answer))
  );
}

const made = ([link, prompt, answer]: readonly [string, string, string?]): Stop => ({
  link,
  prompt,
  ...(answer && { answer }),
});

/** The lesson as readers get it. */
export const withoutAnswers = (list: readonly Stop[]): readonly Stop[] =>
  list.map(({ link, prompt }) => ({ link, prompt }));

/** Whether what was kept on this device is the stops of a lesson. */
export const isStops = (value: unknown): value is readonly Stop[] =>
  Array.isArray(value) &&
  value.length <= MOST &&
  value.every((stop: Partial<Stop> | null) => isStop([stop?.link, stop?.prompt, stop?.answer]));

/** Up to eight stops, in order. */
export function stops(key: string): Field<readonly Stop[]> {
  return {
    key,
    initial: [],
    read(text) {
      try {
        const list: unknown = JSON.parse(text);
        if (!Array.isArray(list) || list.length > MOST || !list.every(isStop)) return undefined;
        return list.map(made);
      } catch {
        return undefined;
      }
    },
    write: (list) =>
      JSON.stringify(list.map(({ link, prompt, answer }) => (answer ? [link, prompt, answer] : [link, prompt]))),
    draw: (uniform) =>
      Array.from({ length: Math.floor(uniform() * (MOST + 1)) }, () => ({
        link: `ctc/#v=1&t=${Math.floor(24 * uniform())}`,
        prompt: `What happens at ${uniform()}? "quotes" & more`,
        ...(uniform() < 0.5 && { answer: `About ${uniform()}.` }),
      })),
  };
}
