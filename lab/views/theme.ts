// public/theme.js reads the same key before the first paint.
const KEY = "seqloss.theme";

/** From light to dark or back, and kept on this device. */
export function flipTheme(): void {
  const { dataset } = document.documentElement;
  const dark =
    dataset.theme === undefined ? matchMedia("(prefers-color-scheme: dark)").matches : dataset.theme === "dark";
  dataset.theme = dark ? "light" : "dark";
  try {
    localStorage.setItem(KEY, dataset.theme);
  } catch {
    // then it lasts as long as the page
  }
}
