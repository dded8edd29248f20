import { signal } from "@preact/signals";
import { renderToString } from "preact-render-to-string";
import { pack, unpack } from "../models/rest.js";
import { createStore } from "../state/store.js";
import { App } from "../views/app.js";
import { askHere } from "../worker/topics.js";
import { routes } from "./routes.js";

/** A page at rest. */
export interface Page {
  readonly path: string;
  readonly entry: string;
  readonly title: string;
  readonly about: string;
  /** The way to the lab's first page. */
  readonly root: string;
  readonly body: string;
  /** The library's answer, as text. */
  readonly rest: string;
}

/** Every page as it looks before anything is touched; the library's answers are in it. */
export async function prerender(): Promise<Page[]> {
  const pages: Page[] = [];
  for (const { entry, screen } of await routes()) {
    const store = createStore(screen.schema);
    const state = store.state.value;
    const rest = pack(await (screen.atRest ?? screen.answer)(state, askHere));
    const answered = signal({ state, answer: unpack(rest) });
    const { path, title, about } = screen;
    const root = "../".repeat(path.split("/").length - 1);
    const body = renderToString(<App screen={screen} store={store} answered={answered} ask={askHere} root={root} />);
    pages.push({ path, entry, title, about, root, body, rest });
  }
  return pages;
}
