/** Tells the page around an embedded screen how tall it is: a message { seqlossHeight }, in pixels, whenever that changes. */
export function tellHeight(): void {
  if (document.documentElement.dataset.embed === undefined || parent === window) return;
  const tell = () => parent.postMessage({ seqlossHeight: document.body.scrollHeight }, "*");
  new ResizeObserver(tell).observe(document.body);
}
