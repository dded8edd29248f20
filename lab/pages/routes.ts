import { screen as compare } from "../views/compare/screen.js";
import { screen as ctc } from "../views/ctc/screen.js";
import { screen as discuss } from "../views/discuss/screen.js";
import { screen as gradients } from "../views/gradients/screen.js";
import { screen as home } from "../views/home/screen.js";
import { screen as losses } from "../views/losses/gallery.js";
import { lossPage } from "../views/losses/screen.js";
import { screen as problems } from "../views/problems/screen.js";
import { screen as quiz } from "../views/quiz/screen.js";
import type { AnyScreen } from "../views/screen.js";
import { screen as teach } from "../views/teach/screen.js";
import { screen as train } from "../views/train/screen.js";
import { askHere } from "../worker/topics.js";

/** A page: the screen that it shows, and the script that wakes it. */
export interface Route {
  readonly entry: string;
  readonly screen: AnyScreen;
}

/** Every page of the lab. */
export async function routes(): Promise<Route[]> {
  const names = await askHere("losses", "names");
  return [
    ...Object.entries({ home, ctc, losses, train, gradients, problems, quiz, discuss, compare, teach }).map(
      ([entry, screen]) => ({
        entry,
        screen,
      }),
    ),
    ...names.map(({ name, summary }) => ({ entry: "loss", screen: lossPage(name, summary) })),
  ];
}
