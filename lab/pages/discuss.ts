import { screen } from "../views/discuss/screen.js";
import { start } from "../views/start.js";

start(screen);
