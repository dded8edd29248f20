/** What this browser keeps, on this device alone; nothing is kept where that is forbidden. */
export function keep(key: string, value: unknown): void {
  try {
    localStorage.setItem(`seqloss.${key}`, JSON.stringify(value));
  } catch {
    // then it lasts as long as the page
  }
}

/** What was kept, where `fits` agrees that it is what it should be; else `otherwise`. */
export function kept<Value>(key: string, fits: (value: unknown) => value is Value, otherwise: Value): Value {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(`seqloss.${key}`) ?? "null");
    return fits(value) ? value : otherwise;
  } catch {
    return otherwise;
  }
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
