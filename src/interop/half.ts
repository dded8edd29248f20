/** IEEE 754 binary16: 1 sign, 5 exponent, 10 fraction bits. */
export function widenHalf(bits: number): number {
  const sign = bits >> 15 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}

const single = new DataView(new ArrayBuffer(4));

/** The nearest binary16 of a number, in a tie the even one; infinite from 65,520 on. */
export function narrowHalf(x: number): number {
  single.setFloat32(0, x);
  const bits = single.getUint32(0);
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  if (magnitude < 0x38800000) return sign | roundToEven(Math.abs(single.getFloat32(0)) * 2 ** 24); // below 2⁻¹⁴
  return sign | roundToEven((magnitude - 0x38000000) / 2 ** 13);
}

function roundToEven(x: number): number {
  const whole = Math.floor(x);
  const rest = x - whole;
  return rest > 0.5 || (rest === 0.5 && whole % 2 === 1) ? whole + 1 : whole;
}
