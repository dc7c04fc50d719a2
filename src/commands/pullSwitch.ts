/** The kill switch where the database is yet to be opened: that begins beside the venues' first sweep, and holds none back. */
import { OperatingError } from '../domain/operatingError.ts';
import type { Policy } from '../domain/policy.ts';
import { flatten } from '../rebalance/flatten.ts';
import { recordHalt, sweepAndRecord } from '../rebalance/halt.ts';
import type { Ports } from '../rebalance/ports.ts';
import type { HaltAnswer } from './describeHalt.ts';

type OpenedPorts = { readonly ports: Ports; stop(): Promise<void> };

/** Flattens, where that is asked for, once the halt is recorded and the sweeps are over. */
export async function pullSwitch(parts: {
  readonly venues: Ports['venues'];
  readonly policy: Policy;
  readonly reason: string;
  /** Who, for the record. */
  readonly by: string;
  readonly isFlattening: boolean;
  /** Rejects with an OperatingError where the database does not answer. */
  openPorts(): Promise<OpenedPorts>;
}): Promise<HaltAnswer> {
  const { policy, reason, by, isFlattening } = parts;
  const opening = parts.openPorts();
  try {
    const { venues, unrecorded } = await sweepAndRecord(parts.venues, policy, async () => {
      const { ports } = await opening;
      await recordHalt(ports, policy.portfolio, reason, by);
    });
    if (unrecorded !== null) return { venues, database: told(unrecorded), closed: null };
    const closed = isFlattening ? await tryToFlatten((await opening).ports, policy) : null;
    return { venues, database: 'recorded', closed };
  } finally {
    // Why it could not be opened is told as why there is no record.
    const opened = await opening.catch(() => null);
    await opened?.stop();
  }
}

async function tryToFlatten(ports: Ports, policy: Policy): Promise<HaltAnswer['closed']> {
  try {
    return await flatten(ports, policy);
  } catch (error) {
    if (!(error instanceof OperatingError)) throw error;
    return { kind: 'failed', failure: told(error) };
  }
}

const told = ({ message, remedy }: OperatingError): string => `${message}; ${remedy}`;
