import { lossPage } from "../views/losses/screen.js";
import { start } from "../views/start.js";

// the page's own folder is the loss's name
const name =
  location.pathname
    .replace(/index\.html$/, "")
    .split("/")
    .filter(Boolean)
    .at(-1) ?? "";
start(lossPage(name, document.querySelector("meta[name=description]")?.getAttribute("content") ?? ""));
