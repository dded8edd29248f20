/** What of the lab's frame is shown around an embedded screen. */
export interface EmbedOptions {
  /** The lab's first page: "https://example.org/lab/". */
  readonly home: string;
  /** From there: "ctc/#v=1&l=DEEP". */
  readonly link: string;
  readonly title: string;
  /** Without controls: readers see this state, and cannot change it. */
  readonly locked: boolean;
}

const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");

/** A screen's address with a query before its state. */
export function withQuery(link: string, query: string): string {
  const [path, state = ""] = link.split("#", 2);
  return `${path}?${query}${state === "" ? "" : `#${state}`}`;
}

/** What to paste into a page: a frame that shows one state of the lab. */
export function embedCode({ home, link, title, locked }: EmbedOptions): string {
  const address = home + withQuery(link, locked ? "embed=locked" : "embed");
  return `<iframe src="${escaped(address)}" title="${escaped(title)}" width="100%" height="640" loading="lazy"></iframe>`;
}
