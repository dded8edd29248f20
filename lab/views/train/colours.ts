/** Of the runs, in their order. */
export const colours = ["first", "second", "third", "fourth", "fifth", "sixth"] as const;
