import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Store } from "../state/store.js";
import { Later } from "./later.js";

const loadCode = async () => (await import("./teach/qrCode.js")).QrCode;
/** After the last change, in milliseconds; what is printed must be there before anybody prints. */
const PAUSE = 1200;

/** On paper alone: the address of this state, as text and as a code for a camera. */
// biome-ignore lint/suspicious/noExplicitAny: the store of any screen
export function Printed({ store }: { readonly store: Store<any> }) {
  const address = useSignal("");
  const link = store.link.value;
  useEffect(() => {
    const timer = setTimeout(() => (address.value = location.href.split("#")[0] + link), PAUSE);
    return () => clearTimeout(timer);
  }, [link, address]);
  if (address.value === "") return null;
  return (
    <div class="printed">
      <Later load={loadCode} props={{ address: address.value }} />
      <p>
        This state, to open and to change: <br />
        {address.value}
      </p>
    </div>
  );
}
