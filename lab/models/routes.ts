/** The screens, in the order of the bar. */
export const bar = [
  { path: "losses/", name: "Losses" },
  { path: "ctc/", name: "CTC" },
  { path: "train/", name: "Train" },
  { path: "gradients/", name: "Gradients" },
  { path: "problems/", name: "Problems" },
  { path: "quiz/", name: "Quiz" },
  { path: "discuss/", name: "Discuss" },
] as const;

/** Something that the palette can go to or do. */
export interface Entry {
  readonly name: string;
  readonly group: string;
  /** From the lab's first page. */
  readonly path?: string;
  readonly run?: () => void;
}

/** The entries that have all the words that are typed, those that begin with them first. */
export function found(entries: readonly Entry[], typed: string): readonly Entry[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const text = (entry: Entry) => `${entry.name} ${entry.group}`.toLowerCase();
  return entries
    .filter((entry) => words.every((word) => text(entry).includes(word)))
    .toSorted((a, b) => Number(text(b).startsWith(words[0] ?? "")) - Number(text(a).startsWith(words[0] ?? "")));
}
