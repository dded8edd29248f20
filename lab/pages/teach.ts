import { start } from "../views/start.js";
import { screen } from "../views/teach/screen.js";

start(screen);
