/** A line through points, as the path of a drawing; it breaks where a point is not finite. */
export function polyline(points: Iterable<readonly [number, number]>): string {
  let text = "";
  let pen = "M";
  for (const [x, y] of points) {
    if (!Number.isFinite(x) || !Number.isFinite(y)) pen = "M";
    else {
      text += `${pen}${x.toFixed(1)} ${y.toFixed(1)}`;
      pen = "L";
    }
  }
  return text;
}
