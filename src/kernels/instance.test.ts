import { expect, it } from "vitest";
import { kernels } from "./instance.js";
import { reserve, view } from "./memory.js";
import { relaxedModuleBase64 } from "./module.generated.js";

const relaxed = WebAssembly.validate(Uint8Array.from(atob(relaxedModuleBase64), (c) => c.charCodeAt(0)));

it("relaxed SIMD is used where the engine has it", () => {
  expect(process.execArgv.includes("--experimental-wasm-relaxed-simd")).toBe(
    relaxed && Number(process.versions.node.split(".")[0]) < 21,
  );
  // (1 + ε)² − 1 − 2 ε is ε² in one rounding, and 0 where the product is rounded first
  const module = kernels() as NonNullable<ReturnType<typeof kernels>>;
  const [a, panels, c] = [reserve(4 * 8), reserve(4 * 64), reserve(4 * 64)];
  const epsilon = 2 ** -23;
  view.f32(a, 2).set([1 + 2 * epsilon, 1 + epsilon]);
  view
    .f32(panels, 16)
    .fill(-1, 0, 8)
    .fill(1 + epsilon, 8, 16);
  module.multiplyPacked(1, 8, 2, a, panels, c, 0);
  const fused = view.f32(c, 1)[0] !== 0;
  expect(fused).toBe(relaxed);
});
