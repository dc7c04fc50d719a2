/** Closed distribution of Student's t with 4 degrees of freedom, scaled to unit variance (t / sqrt 2). */

/** P(|x| > bound): F(t) = 1/2 + 3/8 u (1 - u^2 / 12), u = t / sqrt(1 + t^2 / 4). */
export function studentTail(bound: number): number {
  const t = bound * Math.SQRT2;
  const u = t / Math.sqrt(1 + t ** 2 / 4);
  return 1 - 2 * (3 / 8) * u * (1 - u ** 2 / 12);
}
