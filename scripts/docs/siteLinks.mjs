import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

const LINK = /\s(?:href|src)="([^"]*)"/g;
const ID = /\sid="([^"]*)"/g;

/**
 * Links of a folder of pages that lead to no file of it or to no anchor of that file; and anything that a page would load from
 * elsewhere. Of addresses outside only the form is looked at.
 */
export function brokenLinks(folder) {
  const pages = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".html"));
  const texts = new Map(pages.map((page) => [normalize(page), readFileSync(join(folder, page), "utf8")]));
  const anchors = new Map(
    [...texts].map(([page, text]) => [page, new Set([...text.matchAll(ID)].map(([, id]) => id))]),
  );
  const broken = [];
  let checked = 0;
  for (const [page, text] of texts) {
    for (const [attribute, address] of text.matchAll(LINK)) {
      checked++;
      const link = address.replaceAll("&amp;", "&");
      if (/^[a-z]+:/.test(link)) {
        const loads = attribute.trim().startsWith("src") || /<link [^>]*$/.test(text.slice(0, text.indexOf(attribute)));
        if (!URL.canParse(link) || loads) broken.push(`${page}: ${link}`);
        continue;
      }
      const [path, anchor = ""] = link.split("#");
      const target = path === "" ? page : normalize(join(dirname(page), decodeURIComponent(path)));
      if (!existsSync(join(folder, target)) || !statSync(join(folder, target)).isFile())
        broken.push(`${page}: ${link}`);
      else if (anchor !== "" && anchors.has(target) && !anchors.get(target).has(decodeURIComponent(anchor))) {
        broken.push(`${page}: ${link} has no such anchor`);
      }
    }
  }
  return { broken, checked };
}
