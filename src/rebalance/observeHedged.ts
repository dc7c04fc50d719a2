/**
 * Returns of coins that are held elsewhere and hedged here: of their spot market where its bars are stored, else of the perpetual
 * itself, of which they then move as one.
 */
import { type InstrumentId, instrumentId } from '../domain/ids.ts';
import type { Policy } from '../domain/policy.ts';
import type { Bar } from './ports/venue.ts';
import type { Ports } from './ports.ts';

type Returns = readonly (number | null)[];

export async function observeHedged(
  ports: Ports,
  policy: Policy,
  lastBarCloseMs: number,
): Promise<Readonly<Record<string, Returns>>> {
  const found: Record<string, Returns> = {};
  for (const leg of policy.legs) {
    if (leg.kind !== 'perpetual' || leg.hedge === undefined || leg.hedge.coin in found) continue;
    const { coin } = leg.hedge;
    const spot = instrumentId(leg.venue, `${coin}/USDT`);
    const bars = await barsOf(ports, policy, lastBarCloseMs, spot, 'last');
    const own = instrumentId(leg.venue, leg.symbol);
    found[coin] = returnsOn(
      policy,
      lastBarCloseMs,
      bars.length > 0 ? bars : await barsOf(ports, policy, lastBarCloseMs, own, 'mark'),
    );
  }
  return found;
}

const barsOf = (
  ports: Ports,
  { risk }: Policy,
  lastBarCloseMs: number,
  instrument: InstrumentId,
  kind: 'last' | 'mark',
): Promise<readonly Bar[]> => {
  const fromMs = lastBarCloseMs - (risk.lookbackBars + 1) * risk.barMs;
  return ports.history.bars({ instrument, kind, barMs: risk.barMs }, fromMs, lastBarCloseMs);
};

/** T simple returns, oldest first; a bar without its neighbour has none. */
function returnsOn({ risk }: Policy, lastBarCloseMs: number, bars: readonly Bar[]): Returns {
  const closeAt = new Map(bars.map((bar) => [bar.openMs + risk.barMs, bar.close]));
  return Array.from({ length: risk.lookbackBars }, (_, index) => {
    const atMs = lastBarCloseMs - (risk.lookbackBars - 1 - index) * risk.barMs;
    const [before, after] = [closeAt.get(atMs - risk.barMs), closeAt.get(atMs)];
    return before === undefined || after === undefined ? null : after / before - 1;
  });
}
