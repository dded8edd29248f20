import { start } from "../views/start.js";
import { screen } from "../views/ctc/screen.js";

start(screen);
