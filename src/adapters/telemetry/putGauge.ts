/** Sets a gauge, or drops its series where the value is not known: it is never shown as zero. */
import type { Gauge } from 'prom-client';

export function putGauge<L extends string>(
  gauge: Gauge<L>,
  labels: Partial<Record<L, string>>,
  value: number | null,
): void {
  if (value === null) gauge.remove(labels);
  else gauge.set(labels, value);
}
