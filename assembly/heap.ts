// Where the module's static data ends and the arena of src/kernels/memory.ts may begin.
export function heapBase(): usize {
  return __heap_base;
}
