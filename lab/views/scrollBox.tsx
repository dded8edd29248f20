import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

/** A box that can be reached by the keyboard only where it has something to scroll to. */
export function ScrollBox({ label, children }: { readonly label: string; readonly children: ComponentChildren }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = box.current as HTMLDivElement;
    const adjust = () => {
      const scrolls = element.scrollWidth > element.clientWidth;
      if (scrolls) {
        element.tabIndex = 0;
        element.setAttribute("role", "group");
        element.setAttribute("aria-label", label);
      } else {
        element.removeAttribute("tabindex");
        element.removeAttribute("role");
        element.removeAttribute("aria-label");
      }
    };
    const observer = new ResizeObserver(adjust);
    observer.observe(element);
    adjust();
    return () => observer.disconnect();
  });
  return (
    <div ref={box} class="scroll-box">
      {children}
    </div>
  );
}
