/** `make`, which is asked only where its arguments are not those of the last time: training asks for the same again and again. */
export function keepLast<A, Made>(make: (a: A) => Made): (a: A) => Made;
export function keepLast<A, B, Made>(make: (a: A, b: B) => Made): (a: A, b: B) => Made;
export function keepLast<A, B, Made>(make: (a: A, b: B) => Made): (a: A, b: B) => Made {
  let last: { readonly a: A; readonly b: B; readonly made: Made } | undefined;
  return (a, b) => {
    if (last === undefined || last.a !== a || last.b !== b) last = { a, b, made: make(a, b) };
    return last.made;
  };
}
