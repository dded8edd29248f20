import { expect, it } from "vitest";
import { engineBuild, moduleBytes } from "./engine.js";
import { heap } from "./memory.js";
import { builds } from "./modules/recurrent.generated.js";
import { recurrentKernels } from "./recurrentKernels.js";

const relaxed = WebAssembly.validate(moduleBytes(builds, "relaxed"));

it("relaxed SIMD is used where the engine has it", () => {
  expect(engineBuild()).toBe(relaxed ? "relaxed" : "simd");
  expect(process.execArgv.includes("--experimental-wasm-relaxed-simd")).toBe(
    relaxed && Number(process.versions.node.split(".")[0]) < 21,
  );
  // (1 + ε)² − 1 − 2 ε is ε² in one rounding, and 0 where the product is rounded first
  const memory = heap();
  const [a, panels, c] = [8, 64, 64].map((count) => memory.reserve(4 * count));
  const epsilon = 2 ** -23;
  memory.f32(a, 2).set([1 + 2 * epsilon, 1 + epsilon]);
  memory
    .f32(panels, 16)
    .fill(-1, 0, 8)
    .fill(1 + epsilon, 8, 16);
  recurrentKernels.on(memory.memory).multiplyPacked(1, 8, 2, a, 8, panels, c, 0);
  const fused = memory.f32(c, 1)[0] !== 0;
  expect(fused).toBe(relaxed);
  for (const address of [a, panels, c]) memory.release(address);
});
