import { Dialog } from "./dialog.js";

const keys: readonly (readonly [string, string])[] = [
  ["⌘K or Ctrl K", "search screens, losses and actions"],
  ["⌘Z, ⇧⌘Z or Ctrl Z, Ctrl Y", "undo and redo any control"],
  ["Tab", "go through controls; a figure is one stop"],
  ["← → ↑ ↓, Home, End", "inside a figure: move its cursor"],
  ["Enter", "inside a figure: pin what the cursor is on"],
  ["Esc", "close, or unpin"],
  ["⌘/ or Ctrl /", "this help"],
];

export function Help({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog label="Help" onClose={onClose}>
      <h2>Keys</h2>
      <dl class="keys">
        {keys.map(([key, does]) => (
          <div key={key}>
            <dt>{key}</dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <p class="muted">
        The address of a page holds every control: copy it and others see what you see. Nothing leaves this device;
        answers and progress are kept in this browser alone.
      </p>
      <form method="dialog">
        <button type="submit">Close</button>
      </form>
    </Dialog>
  );
}
