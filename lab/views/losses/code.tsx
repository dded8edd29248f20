import { useSignal } from "@preact/signals";
import { Segments } from "../controls.js";
import type { LossProps } from "./screen.js";

/** This case as code to copy. */
export function Code({ answer }: LossProps) {
  const language = useSignal<"typescript" | "python">("typescript");
  const said = useSignal("");
  const text = language.value === "typescript" ? answer.typescript : answer.python;
  const copy = async () => {
    await navigator.clipboard.writeText(text ?? "");
    said.value = "Copied.";
  };
  return (
    <section class="plate" aria-labelledby="code">
      <h2 class="part" id="code">
        The same as code
      </h2>
      <Segments
        quiet
        label="Language"
        value={language.value}
        options={[
          ["typescript", "TypeScript"],
          ["python", "PyTorch"],
        ]}
        onSet={(value) => {
          language.value = value;
          said.value = "";
        }}
      />
      {text === undefined ? (
        <p class="hint">
          With padding, weights or another mean, PyTorch needs a mask of its own: take them back to see its code.
        </p>
      ) : (
        <>
          <pre tabIndex={0}>{text}</pre>
          <div class="row">
            <button type="button" onClick={copy}>
              Copy
            </button>
            <span role="status" class="muted">
              {said.value}
            </span>
          </div>
        </>
      )}
    </section>
  );
}
