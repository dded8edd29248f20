const paths = {
  undo: "M8 5 4 9l4 4M4 9h8a4 4 0 0 1 0 8H9",
  redo: "m12 5 4 4-4 4M16 9H8a4 4 0 0 0 0 8h3",
  search: "M9 4a5 5 0 1 0 0 10A5 5 0 0 0 9 4m4 9 4 4",
  theme: "M10 3a7 7 0 1 0 0 14a7 7 0 0 0 0-14M10 3v14",
  help: "M7 7.500a3 3 0 1 1 4.500 2.600c-1 .6-1.500 1.200-1.500 2.400m0 3v.5",
  menu: "M5 10h.1M10 10h.1M15 10h.1",
  first: "M6 5v10M15 5l-6 5 6 5z",
  back: "M13 5l-6 5 6 5z",
  next: "M7 5l6 5-6 5z",
} as const;

/** A sign in the colour of its text; what it means is said by the button that holds it. */
export function Icon({ name }: { readonly name: keyof typeof paths }) {
  return (
    <svg class={`icon ${name}`} viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
      <path d={paths[name]} />
      {name === "theme" && <path class="half" d="M10 3a7 7 0 0 1 0 14z" />}
    </svg>
  );
}
