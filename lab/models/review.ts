// Which missed questions come back when: after 1, 3 and 7 days. Kept on the device, and plain data.

export interface Review {
  /** How often it was right since it was missed. */
  readonly stage: number;
  /** The day it is due, in days since 1970. */
  readonly due: number;
}

export type Reviews = Readonly<Record<string, Review>>;

const PAUSES = [1, 3, 7];

export const dayOf = (time: number): number => Math.floor(time / 86_400_000);

/** What an answer changes: a miss comes back tomorrow; a hit on one that was missed, later, and after the last never. */
export function reviewed(reviews: Reviews, id: string, right: boolean, today: number): Reviews {
  const { [id]: before, ...others } = reviews;
  if (!right) return { ...others, [id]: { stage: 0, due: today + PAUSES[0] } };
  if (before === undefined) return reviews;
  const stage = before.stage + 1;
  return stage >= PAUSES.length ? others : { ...others, [id]: { stage, due: today + PAUSES[stage] } };
}

export const due = (reviews: Reviews, today: number): string[] =>
  Object.entries(reviews)
    .filter(([, review]) => review.due <= today)
    .map(([id]) => id);

export const areReviews = (value: unknown): value is Reviews =>
  typeof value === "object" &&
  value !== null &&
  Object.values(value).every((one) => Number.isInteger(one?.stage) && Number.isInteger(one?.due));
