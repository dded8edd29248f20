import { useSignal } from "@preact/signals";
import { type ComponentType, h } from "preact";
import { useEffect } from "preact/hooks";

interface LaterProps<Props> {
  readonly load: () => Promise<ComponentType<Props>>;
  readonly props: Props;
}

/** A part whose code comes when it is first wanted: nothing until then. */
export function Later<Props extends object>({ load, props }: LaterProps<Props>) {
  const part = useSignal<{ readonly view: ComponentType<Props> } | undefined>(undefined);
  useEffect(() => {
    load().then((view) => (part.value = { view }));
  }, [load, part]);
  return part.value === undefined ? null : h(part.value.view, props);
}
