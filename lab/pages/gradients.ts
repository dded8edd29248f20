import { screen } from "../views/gradients/screen.js";
import { start } from "../views/start.js";

start(screen);
