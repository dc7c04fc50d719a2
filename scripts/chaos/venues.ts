/** The venues' process as the run sees it: faults in, journals out. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { JournalEntry } from '../../src/simulator/core/entries.ts';
import type { FaultRequest } from '../../src/simulator/http/faultSchema.ts';
import type { Dialect } from './aims.ts';

export type Exchanges = {
  readonly origins: Readonly<Record<string, string>>;
  /** In place of those that are still active. */
  strike(venue: string, faults: readonly FaultRequest[]): Promise<void>;
  /** No fault is active any more, prices and clocks as the market has them. */
  calm(): Promise<void>;
  journals(): Promise<Readonly<Record<string, readonly JournalEntry[]>>>;
  stop(): Promise<void>;
};

export async function startExchanges(
  program: string,
  given: {
    readonly seed: number;
    readonly venues: Readonly<Record<string, Dialect>>;
    /** By venue. */
    readonly balances: Readonly<Record<string, Readonly<Record<string, string>>>>;
  },
): Promise<Exchanges> {
  const child = spawn(process.execPath, [program, JSON.stringify(given)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const [line] = (await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    ended.then(() => Promise.reject(new Error('the venues did not start'))),
  ])) as [string];
  const origins = JSON.parse(line) as Readonly<Record<string, string>>;
  const strike = async (venue: string, faults: readonly FaultRequest[]): Promise<void> => {
    const url = `${origins[venue]}/simulator/faults`;
    await fetch(url, { method: 'DELETE' });
    const answer = await fetch(url, { method: 'POST', body: JSON.stringify(faults) });
    if (!answer.ok) throw new Error(`the venue takes no such faults: ${await answer.text()}`);
  };
  return {
    origins,
    strike,
    calm: async () => {
      for (const venue of Object.keys(origins)) await strike(venue, [{ kind: 'calm' }]);
    },
    journals: async () => {
      const read = async (venue: string) => {
        const answer = await fetch(`${origins[venue]}/simulator/journal`);
        const { entries } = (await answer.json()) as { readonly entries: readonly JournalEntry[] };
        return [venue, entries] as const;
      };
      return Object.fromEntries(await Promise.all(Object.keys(origins).map(read)));
    },
    stop: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
