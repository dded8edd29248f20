import { panned, type Window, zoomed } from "../../models/trainCurve.js";
import type { TrainProps } from "./state.js";

/** The steps that the reader has chosen to see; undefined for all of them, also those to come. */
export function windowOf(store: TrainProps["store"]): Window | undefined {
  const [chosen] = store.state.value.window;
  return chosen?.length === 2 && chosen[0] < chosen[1] ? [chosen[0], chosen[1]] : undefined;
}

/** What changes the window: buttons, keys, and dragging with Shift. */
export interface WindowControl {
  readonly whole: boolean;
  zoom(factor: number, around?: number): void;
  /** By a share of what is shown. */
  pan(share: number): void;
  settle(): void;
  fit(): void;
  /** Whether the key was one of the window's. */
  press(event: KeyboardEvent, around: number | undefined): boolean;
}

export function useWindow(store: TrainProps["store"], shown: Window, longest: number): WindowControl {
  const put = (next: Window | undefined) => store.set({ window: next === undefined ? [] : [next] });
  const whole = windowOf(store) === undefined;
  const zoom = (factor: number, around = (shown[0] + shown[1]) / 2) => {
    if (factor < 1 || !whole) put(zoomed(shown, factor, around, longest));
  };
  const pan = (share: number) => {
    if (!whole) store.drag({ window: [panned(shown, share * (shown[1] - shown[0]), longest)] });
  };
  const settle = () => store.set({});
  return {
    whole,
    zoom,
    pan,
    settle,
    fit: () => put(undefined),
    press(event, around) {
      const { key, shiftKey } = event;
      if (key === "+" || key === "=") zoom(0.5, around);
      else if (key === "-" || key === "−") zoom(2, around);
      else if (key === "0") put(undefined);
      else if (shiftKey && (key === "ArrowLeft" || key === "ArrowRight")) {
        pan(key === "ArrowLeft" ? -0.2 : 0.2);
        settle();
      } else return false;
      return true;
    },
  };
}
