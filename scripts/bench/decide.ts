/** Median time of a whole decision: 20 legs of all four kinds, 2160 hourly bars, some of them held, one venue. */
import { legId } from '../../src/domain/ids.ts';
import type { Leg } from '../../src/domain/leg.ts';
import { decide } from '../../src/rebalance/decide.ts';
import { alpha, perpetualLeg } from '../../test/rebalance/legsGiven.ts';
import { policyOf } from '../../test/rebalance/policyGiven.ts';
import { snapshotOf } from '../../test/rebalance/snapshotWorld.ts';
import { median, printFigure } from './figure.ts';

const BARS = 2160;
const RUNS = 60;

/** Prints one JSON line. */
export function benchDecide(): void {
  const policy = policyOf(legs(), { sizing: { stressPerpetualShare: 0.3, worstDayMultiple: 1.5 } });
  const snapshot = snapshotOf(policy, {
    snapshot: {
      returnsByLeg: returns(policy.legs.length),
      worstDayByLeg: policy.legs.map(() => 0.1),
    },
  });
  const first = decide(snapshot, policy);
  const times = Array.from({ length: RUNS }, () => {
    const from = performance.now();
    decide(snapshot, policy);
    return performance.now() - from;
  });
  const orders = first.kind === 'trade' ? first.orders.length : 0;
  printFigure('decide', median(times), 'ms', { legs: 20, bars: BARS, orders, runs: RUNS });
}

function legs(): readonly Leg[] {
  const base = { venue: alpha, group: null, budget: null };
  const coins = Array.from({ length: 14 }, (_, index) => `C${index}`);
  return [
    ...coins.map((coin, index) =>
      perpetualLeg(`${coin}-perp`, `${coin}/USDT:USDT`, index % 3 === 0 ? 'short' : 'long'),
    ),
    ...coins.slice(0, 4).map(
      (coin): Leg => ({
        ...base,
        id: legId(`${coin}-carry`),
        kind: 'carry',
        spot: `${coin}/USDT`,
        perpetual: `${coin}/USDT:USDT`,
      }),
    ),
    { ...base, id: legId('lending'), kind: 'lending', coin: 'USDC' },
    { ...base, id: legId('stable'), kind: 'stable', symbol: 'USDE/USDT', yieldAnnual: 0.08 },
  ];
}

/** One market factor and noise of its own, from a linear congruential generator; stable legs last and quiet. */
function returns(count: number): readonly (readonly number[])[] {
  let state = 12345;
  const chance = () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 2147483648 - 0.5;
  };
  const market = Array.from({ length: BARS }, () => chance() * 0.02);
  return Array.from({ length: count }, (_, leg) =>
    market.map((move) =>
      leg < 14 ? move + chance() * 0.02 : chance() * (leg < 18 ? 0.002 : 0.0005),
    ),
  );
}
