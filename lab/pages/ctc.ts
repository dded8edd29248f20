import { screen } from "../views/ctc/screen.js";
import { start } from "../views/start.js";

start(screen);
