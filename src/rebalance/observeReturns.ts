/**
 * Returns of the legs from the stored history: bars, funding and yields on one grid, in the book's unit.
 *
 * Yields have no public history: before the first recorded rate that rate is taken, which moves a mean and no volatility.
 */
import { usdPerTether } from '../domain/bookUnit.ts';
import { type InstrumentId, instrumentId } from '../domain/ids.ts';
import { earnSymbol, type Leg } from '../domain/leg.ts';
import type { Policy } from '../domain/policy.ts';
import {
  type BarReturns,
  carryReturns,
  type FundingStamp,
  type Grid,
  type GridSeries,
  lendingReturns,
  perpetualReturns,
  stableReturns,
} from '../risk/legReturns.ts';
import type { Ports } from './ports.ts';

type History = {
  readonly grid: Grid;
  closes(instrument: InstrumentId, kind: 'last' | 'mark'): Promise<GridSeries>;
  funding(instrument: InstrumentId): Promise<readonly FundingStamp[]>;
  yields(instrument: InstrumentId): Promise<readonly (number | null)[]>;
};

/** N legs × T simple returns, oldest first. */
export async function observeReturns(
  ports: Ports,
  policy: Policy,
  lastBarCloseMs: number,
): Promise<readonly BarReturns[]> {
  const history = historyOf(ports, policy, lastBarCloseMs);
  const usdc = await usdcCloses(policy, history);
  const points = policy.risk.lookbackBars + 1;
  const tether = tetherUsd(policy, usdc, points);
  const unknown: GridSeries = Array.from({ length: points }, () => null);
  return await Promise.all(
    policy.legs.map((leg) => returnsOf(leg, history, { tether, usdc: usdc[0] ?? unknown })),
  );
}

type Units = { readonly tether: GridSeries; readonly usdc: GridSeries };

async function returnsOf(leg: Leg, history: History, units: Units): Promise<BarReturns> {
  const { grid } = history;
  const unitUsd = units.tether;
  const id = (symbol: string): InstrumentId => instrumentId(leg.venue, symbol);
  switch (leg.kind) {
    case 'perpetual': {
      const [closes, funding] = await Promise.all([
        history.closes(id(leg.symbol), 'mark'),
        history.funding(id(leg.symbol)),
      ]);
      return perpetualReturns({ closes, funding, grid, unitUsd, direction: leg.direction });
    }
    case 'carry': {
      const [spotCloses, perpetualCloses, funding] = await Promise.all([
        history.closes(id(leg.spot), 'last'),
        history.closes(id(leg.perpetual), 'mark'),
        history.funding(id(leg.perpetual)),
      ]);
      return carryReturns({ spotCloses, perpetualCloses, funding, grid, unitUsd });
    }
    case 'lending': {
      const yieldAnnual = await history.yields(id(earnSymbol(leg.coin)));
      if (leg.coin === 'USDT') return lendingReturns({ coinUsd: unitUsd, yieldAnnual, grid });
      const closes =
        leg.coin === 'USDC' ? units.usdc : await history.closes(id(`${leg.coin}/USDT`), 'last');
      const coinUsd = closes.map((close, k) => {
        const usd = unitUsd[k] ?? null;
        return close === null || usd === null ? null : close * usd;
      });
      return lendingReturns({ coinUsd, yieldAnnual, grid });
    }
    case 'stable': {
      const closes = await history.closes(id(leg.symbol), 'last');
      const yieldAnnual = closes.slice(1).map(() => leg.yieldAnnual);
      return stableReturns({ closes, unitUsd, yieldAnnual, grid });
    }
  }
}

/** USDC in USDT per venue that has it. */
async function usdcCloses(policy: Policy, history: History): Promise<readonly GridSeries[]> {
  const series = await Promise.all(
    policy.venues.map((venue) => history.closes(instrumentId(venue.id, 'USDC/USDT'), 'last')),
  );
  return series.filter((closes) => closes.some((close) => close !== null));
}

function tetherUsd(
  policy: Policy,
  usdc: readonly GridSeries[],
  points: number,
): readonly (number | null)[] {
  return Array.from({ length: points }, (_, k) => {
    const marks = usdc.flatMap((closes) => closes[k] ?? []);
    return usdPerTether(policy.bookUnit, marks);
  });
}

function historyOf(ports: Ports, policy: Policy, lastBarCloseMs: number): History {
  const { barMs, lookbackBars } = policy.risk;
  const startMs = lastBarCloseMs - lookbackBars * barMs;
  const known = new Map<string, Promise<GridSeries>>();
  const closes = async (instrument: InstrumentId, kind: 'last' | 'mark'): Promise<GridSeries> => {
    const bars = await ports.history.bars(
      { instrument, kind, barMs },
      startMs - barMs,
      lastBarCloseMs,
    );
    const grid: (number | null)[] = Array.from({ length: lookbackBars + 1 }, () => null);
    for (const bar of bars) {
      const k = Math.round((bar.openMs + barMs - startMs) / barMs);
      if (k >= 0 && k <= lookbackBars) grid[k] = bar.close;
    }
    return grid;
  };
  return {
    grid: { startMs, barMs },
    closes(instrument, kind) {
      const key = `${instrument} ${kind}`;
      const found = known.get(key) ?? closes(instrument, kind);
      known.set(key, found);
      return found;
    },
    async funding(instrument) {
      const stamps = await ports.history.funding(instrument, startMs, lastBarCloseMs + 1);
      return stamps.map(({ atMs, rate }) => ({ timestampMs: atMs, rate }));
    },
    async yields(instrument) {
      const rates = await ports.history.yields(instrument, startMs, lastBarCloseMs + barMs);
      let next = 0;
      let current = rates[0]?.yieldAnnual ?? null;
      return Array.from({ length: lookbackBars }, (_, bar) => {
        const endMs = startMs + (bar + 1) * barMs;
        while (next < rates.length && (rates[next]?.atMs ?? Number.POSITIVE_INFINITY) <= endMs) {
          current = rates[next]?.yieldAnnual ?? current;
          next += 1;
        }
        return current;
      });
    },
  };
}
