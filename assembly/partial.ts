// What is left of a row whose size is no multiple of four.

// One to three numbers; the other lanes are -Infinity.
// @ts-ignore: decorator
@inline export function loadSome(x: usize, count: i32): v128 {
  let v = f32x4.replace_lane(f32x4.splat(-Infinity), 0, load<f32>(x));
  if (count > 1) v = f32x4.replace_lane(v, 1, load<f32>(x, 4));
  if (count > 2) v = f32x4.replace_lane(v, 2, load<f32>(x, 8));
  return v;
}

// The first one to three lanes.
// @ts-ignore: decorator
@inline export function storeSome(x: usize, v: v128, count: i32): void {
  store<f32>(x, f32x4.extract_lane(v, 0));
  if (count > 1) store<f32>(x, f32x4.extract_lane(v, 1), 4);
  if (count > 2) store<f32>(x, f32x4.extract_lane(v, 2), 8);
}
