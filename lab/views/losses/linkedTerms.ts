import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";

/** What stands for the same term: a letter of a formula, a mark of a figure, a control. Elements say so in `data-term`. */
const TERM = "[data-term]";

/**
 * Lights up everything that stands for the term under the pointer or with the focus, in formulas, figures and controls alike.
 * Escape puts it out.
 */
export function useLinkedTerms(): RefObject<HTMLDivElement | null> {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const inside = box.current as HTMLDivElement;
    const light = (term: string | undefined) => {
      for (const element of inside.querySelectorAll(TERM))
        element.classList.toggle("lit", element.getAttribute("data-term") === term);
    };
    const termOf = (target: EventTarget | null) =>
      (target as Element | null)?.closest(TERM)?.getAttribute("data-term") ?? undefined;
    const focused = () => (inside.contains(document.activeElement) ? termOf(document.activeElement) : undefined);
    const over = ({ target }: Event) => light(termOf(target) ?? focused());
    const out = () => light(focused());
    const dismiss = ({ key }: KeyboardEvent) => key === "Escape" && light(undefined);
    const listeners = { pointerover: over, focusin: over, pointerleave: out, focusout: out, keydown: dismiss };
    for (const [name, listener] of Object.entries(listeners)) inside.addEventListener(name, listener as EventListener);
    return () => {
      for (const [name, listener] of Object.entries(listeners))
        inside.removeEventListener(name, listener as EventListener);
    };
  }, []);
  return box;
}
