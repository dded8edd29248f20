import { screen } from "../views/quiz/screen.js";
import { start } from "../views/start.js";

start(screen);
