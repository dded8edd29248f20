/** Keeps the lab readable without a network, where the browser allows it. */
export function keepOffline(root: string): void {
  if (!("serviceWorker" in navigator)) return;
  navigator.serviceWorker.register(`${root}sw.js`, { scope: root || "./" }).catch(() => {
    // a page opened from a file, or a browser that refuses: the lab works without
  });
}
