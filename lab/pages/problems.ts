import { screen } from "../views/problems/screen.js";
import { start } from "../views/start.js";

start(screen);
