/** A reading of the world, or why there is none: only the world's failures are caught. */
import { type Observed, observed, unknown } from '../domain/observed.ts';
import { OperatingError } from '../domain/operatingError.ts';
import type { Ports } from './ports.ts';

export async function attempt<T>(
  ports: Pick<Ports, 'clock'>,
  read: () => Promise<T>,
): Promise<Observed<T>> {
  try {
    const value = await read();
    return observed(value, ports.clock.nowMs());
  } catch (error) {
    if (!(error instanceof OperatingError)) throw error;
    return unknown(error.message);
  }
}
