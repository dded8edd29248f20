import { readFileSync } from "node:fs";

/** Each name that an entry exports → the heading it stands under: the comment before it, as far as the first stop or colon. */
export function sectionsOf(entry) {
  const sections = new Map();
  let section;
  for (const [, heading, names] of readFileSync(entry, "utf8").matchAll(
    /^\/\/ ([^.:\n]+).*$|^export (?:type )?\{([^}]*)\}/gm,
  )) {
    if (heading !== undefined) section = heading;
    else
      for (const name of names.split(","))
        if (name.trim() !== "") sections.set(name.trim().split(" as ").at(-1), section);
  }
  return sections;
}
