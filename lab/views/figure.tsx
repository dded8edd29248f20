import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { type Table, toCsv } from "../models/table.js";
import { copyLink } from "./copyLink.js";
import { Icon } from "./icon.js";
import { asData, save, savePng, svgText } from "./save.js";
import { TableView } from "./tableView.js";

interface Props {
  /** What its files are called. */
  readonly name: string;
  /** What it shows, as a finding. */
  readonly title: string;
  readonly lookFor?: string;
  /** Its numbers. */
  readonly table: Table;
  /** What stands beside the title: tabs, a switch. */
  readonly controls?: ComponentChildren;
  /** The drawing, and what goes with it below. */
  readonly children: ComponentChildren;
}

/** A plate: title, drawing, what to look for, and a menu with the drawing as a file, its numbers, and the link to it. */
export function Figure({ name, title, lookFor, table, controls, children }: Props) {
  const plate = useRef<HTMLElement>(null);
  const menu = useRef<HTMLDetailsElement>(null);
  const listed = useSignal(false);
  const said = useSignal("");
  const drawing = () => plate.current?.querySelector("svg.drawing") as SVGSVGElement | null;
  /** Does it, closes the menu, and says what came of it. */
  const act = (does: (svg: SVGSVGElement) => unknown) => async () => {
    const svg = drawing();
    try {
      const says = svg === null ? "This figure has no drawing." : await does(svg);
      said.value = typeof says === "string" ? says : "Saved.";
    } catch {
      said.value = "This browser did not allow it.";
    }
    menu.current?.removeAttribute("open");
  };
  return (
    <figure ref={plate} class="plate" aria-label={title}>
      <div class="head">
        <figcaption>{title}</figcaption>
        {controls}
        <details class="menu" ref={menu}>
          <summary aria-label={`Menu of the figure: ${title}`}>
            <Icon name="menu" />
          </summary>
          <div>
            <button type="button" onClick={act((svg) => save(`${name}.svg`, asData("image/svg+xml", svgText(svg))))}>
              Save as SVG
            </button>
            <button type="button" onClick={act((svg) => savePng(`${name}.png`, svg))}>
              Save as PNG
            </button>
            <button type="button" onClick={act(() => save(`${name}.csv`, asData("text/csv", toCsv(table))))}>
              Save numbers as CSV
            </button>
            <button type="button" onClick={act(copyLink)}>
              Copy the link
            </button>
            <button type="button" aria-pressed={listed.value} onClick={() => (listed.value = !listed.value)}>
              {listed.value ? "Hide the table" : "Show as a table"}
            </button>
          </div>
        </details>
      </div>
      {children}
      {lookFor !== undefined && (
        <p class="look">
          <b>Look for:</b> {lookFor}
        </p>
      )}
      <p class="said" role="status">
        {said.value}
      </p>
      {listed.value && <TableView table={table} label={title} />}
    </figure>
  );
}
