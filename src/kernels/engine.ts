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

/** A loop over the characters takes a millisecond before the engine has compiled it: where there is another way, that one. */
function decode(base64: string): Uint8Array<ArrayBuffer> {
  const { fromBase64 } = Uint8Array as { fromBase64?: (text: string) => Uint8Array<ArrayBuffer> };
  if (fromBase64 !== undefined) return fromBase64(base64);
  if (globalThis.Buffer !== undefined) return globalThis.Buffer.from(base64, "base64");
  const characters = atob(base64);
  const bytes = new Uint8Array(characters.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = characters.charCodeAt(i);
  return bytes;
}

let chosen: keyof Builds | undefined;
let asked = false;

/** The build that this engine runs: relaxed SIMD where it has it, 128-bit SIMD elsewhere; undefined where it has neither. */
export function engineBuild(): keyof Builds | undefined {
  if (!asked) {
    asked = true;
    const runs = (build: keyof Builds) =>
      typeof WebAssembly === "object" && WebAssembly.validate(moduleBytes(probe, build));
    chosen = runs("relaxed") ? "relaxed" : runs("simd") ? "simd" : undefined;
  }
  return chosen;
}

/** Whether kernels run here; where they do not, the caller computes with the float64 reference. */
export function hasKernels(): boolean {
  return engineBuild() !== undefined;
}
