import { start } from "../views/start.js";
import { screen } from "../views/train/screen.js";

start(screen);
