import { type Builds, engineBuild, moduleBytes } from "./engine.js";

/** Shared memory is imported under another flag in the module's bytes; its code is the same. */
const MEMORY_IMPORT = [..."\x03env\x06memory\x02"].map((character) => character.charCodeAt(0));
const LIMITED = 1;
const LIMITED_AND_SHARED = 3;

/** Kernels that are compiled at their first use, and instantiated once for each memory that they work on. */
export class KernelModule<Functions> {
  private readonly compiled = new Map<boolean, WebAssembly.Module>();
  private readonly instances = new WeakMap<WebAssembly.Memory, Functions>();

  constructor(private readonly builds: Builds) {}

  /** The functions; pointers are byte offsets into `memory`, sizes are 32-bit. */
  on(memory: WebAssembly.Memory): Functions {
    let functions = this.instances.get(memory);
    if (functions === undefined) {
      const module = this.module(!(memory.buffer instanceof ArrayBuffer));
      functions = new WebAssembly.Instance(module, { env: { memory } }).exports as Functions;
      this.instances.set(memory, functions);
    }
    return functions;
  }

  module(shared: boolean): WebAssembly.Module {
    let module = this.compiled.get(shared);
    if (module === undefined) {
      const bytes = moduleBytes(this.builds, engineBuild() ?? "simd");
      if (shared) markShared(bytes);
      module = new WebAssembly.Module(bytes);
      this.compiled.set(shared, module);
    }
    return module;
  }
}

function markShared(bytes: Uint8Array): void {
  const start = bytes.findIndex((_, at) => MEMORY_IMPORT.every((byte, i) => bytes[at + i] === byte));
  const flag = start + MEMORY_IMPORT.length;
  if (start === -1 || bytes[flag] !== LIMITED)
    throw new Error("a kernel module imports its memory as env.memory, with a limit");
  bytes[flag] = LIMITED_AND_SHARED;
}
