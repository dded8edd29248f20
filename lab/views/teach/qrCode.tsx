import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

interface Drawn {
  readonly size: number;
  readonly path: string;
}

/** More does not fit, or no camera reads it. */
const LONGEST = 1800;

/** The address as a code for a camera: drawn here, for nothing leaves the device. */
export function QrCode({ address }: { readonly address: string }) {
  const drawn = useSignal<Drawn | undefined>(undefined);
  useEffect(() => {
    if (address.length > LONGEST) {
      drawn.value = undefined;
      return;
    }
    import("uqr").then(({ encode }) => {
      const { data, size } = encode(address, { ecc: "L", border: 4 });
      const squares = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])));
      drawn.value = { size, path: squares.join("") };
    });
  }, [address, drawn]);
  if (drawn.value === undefined) {
    return address.length > LONGEST ? <p class="hint">This lesson is too long for a QR code.</p> : null;
  }
  const { size, path } = drawn.value;
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label="QR code of the lesson's address">
      <rect width={size} height={size} />
      <path d={path} />
    </svg>
  );
}
