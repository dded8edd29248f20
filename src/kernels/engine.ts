import { withDifference } from "./difference.js";
import { builds as probe } from "./modules/probe.generated.js";

/** A WebAssembly module, compiled twice from one source; in base64. */
export interface Builds {
  readonly simd: string;
  /** What relaxed SIMD has otherwise. */
  readonly relaxed: string;
}

/** The bytes of a build. */
export function moduleBytes(builds: Builds, build: keyof Builds): Uint8Array<ArrayBuffer> {
  const simd = decode(builds.simd);
  return build === "simd" ? simd : withDifference(simd, decode(builds.relaxed));
}

function decode(base64: string): Uint8Array<ArrayBuffer> {
  const characters = atob(base64);
  const bytes = new Uint8Array(characters.length); // a loop: Uint8Array.from with a function takes four times as long
  for (let i = 0; i < bytes.length; i++) bytes[i] = characters.charCodeAt(i);
  return bytes;
}

let chosen: keyof Builds | undefined;
let asked = false;

/** The build that this engine runs: relaxed SIMD where it has it, 128-bit SIMD elsewhere; undefined where it has neither. */
export function engineBuild(): keyof Builds | undefined {
  if (!asked) {
    asked = true;
    const runs = (build: keyof Builds) => typeof WebAssembly === "object" && WebAssembly.validate(moduleBytes(probe, build));
    chosen = runs("relaxed") ? "relaxed" : runs("simd") ? "simd" : undefined;
  }
  return chosen;
}

/** Whether kernels run here; where they do not, the caller computes with the float64 reference. */
export function hasKernels(): boolean {
  return engineBuild() !== undefined;
}
