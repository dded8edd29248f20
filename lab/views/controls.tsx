import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

interface SliderProps {
  readonly label: ComponentChildren;
  readonly value: number;
  readonly least: number;
  readonly most: number;
  readonly step?: number;
  readonly onDrag: (value: number) => void;
  readonly onSet: (value: number) => void;
}

/** A slider with a number box beside it: for the hand, and for an exact value. */
export function Slider({ label, value, least, most, step = 1, onDrag, onSet }: SliderProps) {
  const id = useId();
  const typing = useSignal<string | undefined>(undefined); // an answer that comes meanwhile leaves it alone
  const typed = (text: string) => {
    typing.value = undefined;
    const number = Number(text);
    if (text.trim() !== "" && Number.isFinite(number)) onSet(Math.min(most, Math.max(least, number)));
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="slider">
        <input
          id={id}
          type="range"
          min={least}
          max={most}
          step={step}
          value={value}
          onInput={(event) => onDrag(event.currentTarget.valueAsNumber)}
          onChange={(event) => onSet(event.currentTarget.valueAsNumber)}
        />
        <input
          type="number"
          aria-labelledby={`${id}-box`}
          min={least}
          max={most}
          step="any"
          value={typing.value ?? value}
          onInput={(event) => (typing.value = event.currentTarget.value)}
          onChange={(event) => typed(event.currentTarget.value)}
          onBlur={() => (typing.value = undefined)}
        />
        <span id={`${id}-box`} class="hidden">
          {label}, as a number
        </span>
      </div>
    </div>
  );
}

interface PickProps<Option extends string> {
  readonly label: string;
  readonly value: Option;
  readonly options: readonly (readonly [Option, ComponentChildren])[];
  readonly onSet: (value: Option) => void;
  /** Whether the label is for screen readers alone. */
  readonly quiet?: boolean;
}

/** One of a few, side by side. */
export function Segments<Option extends string>({ label, value, options, onSet, quiet = false }: PickProps<Option>) {
  const name = useId();
  return (
    <fieldset class="segments">
      <legend class={quiet ? "hidden" : undefined}>{label}</legend>
      <div>
        {options.map(([option, text]) => (
          <label key={option}>
            <input type="radio" name={name} value={option} checked={option === value} onChange={() => onSet(option)} />
            <span>{text}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** One of many. */
export function Select<Option extends string>({ label, value, options, onSet, quiet = false }: PickProps<Option>) {
  const id = useId();
  return (
    <div class="field">
      <label for={id} class={quiet ? "hidden" : undefined}>
        {label}
      </label>
      <select id={id} value={value} onChange={(event) => onSet(event.currentTarget.value as Option)}>
        {options.map(([option, text]) => (
          <option key={option} value={option} selected={option === value}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}

interface TextProps {
  readonly label: string;
  readonly value: string;
  readonly onSet: (value: string) => void;
  readonly live?: boolean;
  readonly strong?: boolean;
  readonly hint?: string;
}

export function TextField({ label, value, onSet, live = true, strong = false, hint }: TextProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="text"
        class={strong ? "strong" : undefined}
        value={value}
        spellcheck={false}
        autocomplete="off"
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onInput={(event) => live && onSet(event.currentTarget.value)}
        onChange={(event) => !live && onSet(event.currentTarget.value)}
      />
      {hint !== undefined && (
        <p id={`${id}-hint`} class="hint">
          {hint}
        </p>
      )}
    </div>
  );
}

export function Check({
  label,
  value,
  onSet,
}: {
  label: ComponentChildren;
  value: boolean;
  onSet: (on: boolean) => void;
}) {
  return (
    <label class="check">
      <input type="checkbox" checked={value} onChange={(event) => onSet(event.currentTarget.checked)} />
      <span>{label}</span>
    </label>
  );
}
