/** One control of a screen: how it is written into a link, and what a link may say. */
export interface Field<Value> {
  /** Its name in a link. */
  readonly key: string;
  readonly initial: Value;
  /** undefined where the text is none of its values; numbers out of range are moved to the nearest in it. */
  read(text: string): Value | undefined;
  write(value: Value): string;
  /** Any of its values, from draws in [0, 1): for tests of links. */
  draw(uniform: () => number): Value;
}

// biome-ignore lint/suspicious/noExplicitAny: each field has values of its own type
export type Schema = Readonly<Record<string, Field<any>>>;
export type State<S extends Schema> = {
  readonly [Name in keyof S]: S[Name] extends Field<infer Value> ? Value : never;
};

const clamp = (x: number, least: number, most: number): number => Math.min(most, Math.max(least, x));
const NUMBER = /^-?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

export function whole(key: string, initial: number, least: number, most: number): Field<number> {
  return {
    key,
    initial,
    read: (text) => (/^-?\d{1,15}$/.test(text) ? clamp(Number(text), least, most) : undefined),
    write: String,
    draw: (uniform) => least + Math.floor(uniform() * (most - least + 1)),
  };
}

export function real(key: string, initial: number, least: number, most: number): Field<number> {
  return {
    key,
    initial,
    read: (text) => (NUMBER.test(text) ? clamp(Number(text), least, most) : undefined),
    write: String,
    draw: (uniform) => least + uniform() * (most - least),
  };
}

export function choice<const Options extends readonly string[]>(
  key: string,
  options: Options,
  initial: Options[number] = options[0],
): Field<Options[number]> {
  return {
    key,
    initial,
    read: (text) => (options.includes(text) ? text : undefined),
    write: (value) => value,
    draw: (uniform) => options[Math.floor(uniform() * options.length)],
  };
}

export function flag(key: string, initial: boolean): Field<boolean> {
  return {
    key,
    initial,
    read: (text) => (text === "1" ? true : text === "0" ? false : undefined),
    write: (value) => (value ? "1" : "0"),
    draw: (uniform) => uniform() < 0.5,
  };
}

const LETTERS = Array.from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcz0189 .,-+&=#%é語");

/** Text of at most `most` characters; control characters are dropped, the rest is cut. */
export function words(key: string, initial: string, most: number): Field<string> {
  const clean = (text: string) =>
    Array.from(text.replace(/\p{Cc}/gu, ""))
      .slice(0, most)
      .join("");
  return {
    key,
    initial,
    read: clean,
    write: (value) => value,
    draw: (uniform) =>
      Array.from(
        { length: Math.floor(uniform() * (most + 1)) },
        () => LETTERS[Math.floor(uniform() * LETTERS.length)],
      ).join(""),
  };
}

/** A list of numbers, or rows of them (rows are parted by ";"). Empty where nothing is given. */
export function rows(
  key: string,
  initial: readonly (readonly number[])[],
  bounds: { readonly rows: number; readonly width: number; readonly least: number; readonly most: number },
): Field<readonly (readonly number[])[]> {
  const { least, most } = bounds;
  return {
    key,
    initial,
    read(text) {
      if (text === "") return [];
      const parts = text.split(";").map((row) => row.split("_"));
      const width = parts[0].length;
      if (parts.length > bounds.rows || width > bounds.width) return undefined;
      if (parts.some((row) => row.length !== width || !row.every((x) => NUMBER.test(x)))) return undefined;
      return parts.map((row) => row.map((x) => clamp(Number(x), least, most)));
    },
    write: (value) => value.map((row) => row.join("_")).join(";"),
    draw(uniform) {
      const width = 1 + Math.floor(uniform() * bounds.width);
      const height = Math.floor(uniform() * (bounds.rows + 1));
      return Array.from({ length: height }, () =>
        Array.from({ length: width }, () => Number((least + uniform() * (most - least)).toPrecision(4))),
      );
    },
  };
}
