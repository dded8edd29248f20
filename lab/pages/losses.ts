import { screen } from "../views/losses/gallery.js";
import { start } from "../views/start.js";

start(screen);
