import { screen } from "../views/compare/screen.js";
import { start } from "../views/start.js";

start(screen);
