/** Offers text or a picture as a file. */
export function save(name: string, address: string): void {
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
}

export const asData = (type: string, text: string): string => `data:${type};charset=utf-8,${encodeURIComponent(text)}`;

const STYLES = [
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-width",
  "stroke-opacity",
  "stroke-dasharray",
  "opacity",
  "font-family",
  "font-size",
  "font-weight",
  "text-anchor",
  "dominant-baseline",
];

/** The drawing with its computed styles written in: it looks the same outside of the page. */
export function svgText(drawing: SVGSVGElement): string {
  const copy = drawing.cloneNode(true) as SVGSVGElement;
  const originals = [drawing, ...drawing.querySelectorAll("*")];
  [copy, ...copy.querySelectorAll("*")].forEach((element, i) => {
    const computed = getComputedStyle(originals[i]);
    for (const name of STYLES) {
      const value = computed.getPropertyValue(name);
      if (value !== "") element.setAttribute(name, value);
    }
    element.removeAttribute("class");
    element.removeAttribute("tabindex");
  });
  const { width, height } = drawing.viewBox.baseVal;
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", String(width));
  copy.setAttribute("height", String(height));
  const ground = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  ground.setAttribute("width", "100%");
  ground.setAttribute("height", "100%");
  ground.setAttribute("fill", getComputedStyle(document.body).getPropertyValue("--surface-now") || "Canvas");
  copy.prepend(ground);
  return new XMLSerializer().serializeToString(copy);
}

/** The drawing as a PNG of twice its size. */
export async function savePng(name: string, drawing: SVGSVGElement): Promise<void> {
  const picture = new Image();
  picture.src = asData("image/svg+xml", svgText(drawing));
  await picture.decode();
  const canvas = document.createElement("canvas");
  canvas.width = 2 * drawing.viewBox.baseVal.width;
  canvas.height = 2 * drawing.viewBox.baseVal.height;
  canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  save(name, canvas.toDataURL("image/png"));
}
