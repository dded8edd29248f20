// Weights as safetensors, named and laid out as PyTorch's: the same file loads there.
import { decodeSafetensors, encodeSafetensors, gru } from "seqloss";

const layer = gru({ inputs: 2, hidden: 3, seed: 1 });
const bytes = encodeSafetensors(new Map(layer.parameters.map(({ name, data, shape }) => [name, { data, shape }])));
const { tensors } = decodeSafetensors(bytes);
for (const [name, { shape }] of tensors) console.log(name, shape.join("×"));

bytes[bytes.length - 1] ^= 1;
try {
  decodeSafetensors(bytes);
} catch (error) {
  console.log(error.code, error.argument);
}
// Prints:
// weight_ih_l0 9×2
// weight_hh_l0 9×3
// bias_ih_l0 9
// bias_hh_l0 9
// FORMAT the checksum of the contents
