import type { Tensor } from "../core/tensor.js";
import { PickleWriter } from "./pickle.js";
import { encodeZip } from "./zip.js";

// What torch.save writes: a zip archive of data.pkl, the dictionary as a pickle whose tensors name storages, and the storages.

/**
 * Tensors as a file that `torch.load` reads into a dictionary, also with `weights_only=True`. Tensors that share their data share it
 * there as well.
 *
 * @example
 * encodeTorchFile(new Map([["w", tensor([[1, 2], [3, 4]])]])).subarray(0, 2) // [0x50, 0x4b]
 */
export function encodeTorchFile(tensors: ReadonlyMap<string, Tensor>): Uint8Array {
  const storages = new Map<Tensor["data"], string>();
  const pickle = new PickleWriter();
  pickle.protocol().emptyDict().mark();
  for (const [name, { data, shape }] of tensors) {
    const key = storages.get(data) ?? String(storages.size);
    storages.set(data, key);
    const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((size, extent) => size * extent, 1));
    pickle.text(name).global("torch._utils", "_rebuild_tensor_v2").mark();
    pickle
      .mark()
      .text("storage")
      .global("torch", data instanceof Float64Array ? "DoubleStorage" : "FloatStorage");
    pickle.text(key).text("cpu").integer(data.length).tuple().persistentId();
    pickle.integer(0).integers(shape).integers(strides).no();
    pickle.global("collections", "OrderedDict").integers([]).reduce(); // hooks: none
    pickle.tuple().reduce();
  }
  pickle.setItems().stop();
  const text = (value: string) => new TextEncoder().encode(value);
  return encodeZip([
    ["model/data.pkl", pickle.bytes()],
    ["model/byteorder", text("little")],
    ...[...storages].map(([data, key]): [string, Uint8Array] => [`model/data/${key}`, littleEndian(data)]),
    ["model/version", text("3\n")],
  ]);
}

function littleEndian(data: Tensor["data"]): Uint8Array {
  const width = data.BYTES_PER_ELEMENT;
  const bytes = new Uint8Array(data.byteLength);
  const view = new DataView(bytes.buffer);
  data.forEach((x, i) => (width === 8 ? view.setFloat64(i * width, x, true) : view.setFloat32(i * width, x, true)));
  return bytes;
}
