/** How old the newest reading of each feed is: accounts by the daemon's own watch, bars by the history's cursors. */
import type { Policy } from '../domain/policy.ts';
import { requiredSymbols } from '../domain/universe.ts';
import type { StatusPorts } from './readStatus.ts';
import type { LiveFacts } from './status.ts';

/** Per venue: until when the bars of all its instruments were read; null: of some never. */
export async function barsReadToMs(
  { state }: Pick<StatusPorts, 'state'>,
  policy: Policy,
): Promise<ReadonlyMap<string, number | null>> {
  const read = Object.entries(requiredSymbols(policy)).map(async ([venue, symbols]) => {
    const cursors = await Promise.all(
      symbols
        .filter((symbol) => symbol.includes('/'))
        .map((symbol) => {
          const kind = symbol.includes(':') ? 'mark' : 'last';
          return state.cursor(`bars|${venue}|${symbol}|${kind}|${policy.risk.barMs}`);
        }),
    );
    const known = cursors.filter((atMs) => atMs !== null);
    const toMs = known.length < cursors.length ? null : Math.min(...known);
    return cursors.length === 0 ? [] : [[venue, toMs] as const];
  });
  return new Map((await Promise.all(read)).flat());
}

export function feedsOf(
  policy: Policy,
  live: LiveFacts | null,
  nowMs: number,
  barsMs: ReadonlyMap<string, number | null>,
) {
  const { dataAgeMsMax, barAgeMsMax } = policy.limits;
  const ageOf = (atMs: number | null | undefined): number | null =>
    atMs === null || atMs === undefined ? null : nowMs - atMs;
  const accounts = policy.venues.map(({ id }) => {
    const seen = live?.accounts.get(id);
    const atMs = seen?.equityUsd === null ? null : seen?.atMs;
    return { feed: `account-${id}`, ageMs: ageOf(atMs), ageMsMax: dataAgeMsMax };
  });
  const bars = [...barsMs].map(([venue, atMs]) => ({
    feed: `bars-${venue}`,
    ageMs: ageOf(atMs),
    ageMsMax: barAgeMsMax,
  }));
  // Without a daemon nobody has read an account; that is said once, not per venue.
  return live === null ? bars : [...accounts, ...bars];
}
