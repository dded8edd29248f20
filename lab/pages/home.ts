import { screen } from "../views/home/screen.js";
import { start } from "../views/start.js";

start(screen);
