import { screen as ctc } from "../views/ctc/screen.js";
import type { AnyScreen } from "../views/screen.js";

/** A page: the screen that it shows, and the script that wakes it. */
export interface Route {
  readonly entry: string;
  readonly screen: AnyScreen;
}

/** Every page of the lab. */
export async function routes(): Promise<Route[]> {
  return [{ entry: "ctc", screen: ctc }];
}
