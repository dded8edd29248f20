import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { bar } from "../models/routes.js";
import type { Store } from "../state/store.js";
import type { Ask } from "../worker/topics.js";
import { Icon } from "./icon.js";
import { Later } from "./later.js";
import { Presenter } from "./presenter.js";
import { Printed } from "./printed.js";
import { RootContext } from "./root.js";
import type { AnyScreen } from "./screen.js";
import { flipTheme } from "./theme.js";

const loadPalette = async () => (await import("./palette.js")).Palette;
const loadHelp = async () => (await import("./help.js")).Help;

interface Props {
  readonly screen: AnyScreen;
  // biome-ignore lint/suspicious/noExplicitAny: the store of any screen
  readonly store: Store<any>;
  readonly ask: Ask;
  readonly root: string;
  readonly children: ComponentChildren;
}

/** The bar that all screens share, and what is open over it. */
export function Shell({ screen, store, ask, root, children }: Props) {
  const palette = useSignal(false);
  const help = useSignal(false);
  useEffect(() => {
    const open = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey)) return;
      if (event.key.toLowerCase() === "k") palette.value = true;
      else if (event.key === "/") help.value = true;
      else return;
      event.preventDefault();
    };
    addEventListener("keydown", open);
    return () => removeEventListener("keydown", open);
  }, [palette, help]);
  return (
    <RootContext.Provider value={root}>
      <a class="skip" href="#main">
        To the content
      </a>
      <header class="bar">
        <a class="home" href={root || "./"} aria-current={screen.path === "" ? "page" : undefined}>
          Loss Lab
        </a>
        <nav aria-label="Screens">
          {bar.map(({ path, name }) => (
            <a key={path} href={root + path} aria-current={screen.path.startsWith(path) ? "page" : undefined}>
              {name}
            </a>
          ))}
        </nav>
        <div class="tools">
          <button type="button" disabled={!store.canUndo.value} onClick={store.undo} aria-label="Undo" title="Undo">
            <Icon name="undo" />
          </button>
          <button type="button" disabled={!store.canRedo.value} onClick={store.redo} aria-label="Redo" title="Redo">
            <Icon name="redo" />
          </button>
          <button type="button" onClick={() => (palette.value = true)} aria-label="Search" title="Search (Ctrl K)">
            <Icon name="search" />
          </button>
          <button type="button" onClick={flipTheme} aria-label="Light or dark" title="Light or dark">
            <Icon name="theme" />
          </button>
          <button type="button" onClick={() => (help.value = true)} aria-label="Help" title="Help">
            <Icon name="help" />
          </button>
        </div>
      </header>
      <main id="main" tabIndex={-1}>
        {children}
      </main>
      <Presenter root={root} />
      <footer>
        <p>
          Every loss, gradient and probability here is computed by the seqloss library, on this device.{" "}
          <a href={`${root}teach/`}>Teach with it</a>, <a href={`${root}compare/`}>compare losses</a>.
        </p>
      </footer>
      {screen.path !== "teach/" && <Printed store={store} />}
      {palette.value && (
        <Later load={loadPalette} props={{ ask, store, root, onClose: () => (palette.value = false) }} />
      )}
      {help.value && <Later load={loadHelp} props={{ onClose: () => (help.value = false) }} />}
    </RootContext.Provider>
  );
}
