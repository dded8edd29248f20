// y = a · x^exponent by least squares on the logarithms. `residual` is the root of the mean squared distance from that line, as a
// factor less 1: 0.1 says that points lie a tenth off it.
export function powerLaw(points) {
  const logs = points.map(({ x, y }) => [Math.log(x), Math.log(y)]);
  const mean = (numbers) => numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
  const [x0, y0] = [mean(logs.map(([x]) => x)), mean(logs.map(([, y]) => y))];
  const exponent = mean(logs.map(([x, y]) => (x - x0) * (y - y0))) / mean(logs.map(([x]) => (x - x0) ** 2));
  const squares = mean(logs.map(([x, y]) => (y - y0 - exponent * (x - x0)) ** 2));
  return {
    exponent,
    residual: Math.expm1(Math.sqrt(squares)),
    at: (x) => Math.exp(y0 + exponent * (Math.log(x) - x0)),
  };
}
