interface Props {
  readonly options: readonly string[];
  readonly order: readonly number[];
  readonly done: boolean;
  readonly onOrder: (order: readonly number[]) => void;
}

/** Things put in order by choosing the first, the second, …; no dragging. */
export function OrderPicker({ options, order, done, onOrder }: Props) {
  return (
    <fieldset class="options" disabled={done}>
      <legend class="hint">Choose what comes first, then what comes next.</legend>
      {options.map((text, i) => {
        const place = order.indexOf(i);
        return (
          <button
            key={text}
            type="button"
            aria-pressed={place >= 0}
            onClick={() => onOrder(place >= 0 ? order.filter((one) => one !== i) : [...order, i])}
          >
            {place >= 0 ? `${place + 1}. ` : ""}
            {text}
          </button>
        );
      })}
    </fieldset>
  );
}
