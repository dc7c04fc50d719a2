/**
 * The one observation: everything that is known, with its age; what is not known says so instead of throwing.
 *
 * Method: the world in memory, whole and with one part after another failing.
 */
import { describe, expect, test } from 'vitest';
import { decimal } from '../../src/domain/decimal.ts';
import { OperatingError } from '../../src/domain/operatingError.ts';
import { execute } from '../../src/rebalance/execute.ts';
import { observe } from '../../src/rebalance/observe.ts';
import type { SignalsReader } from '../../src/rebalance/ports/signals.ts';
import type { VenueReader } from '../../src/rebalance/ports/venue.ts';
import type { Ports } from '../../src/rebalance/ports.ts';
import { slotOf } from '../../src/rebalance/slot.ts';
import { NO_FEEDS } from '../../src/signals/solvency/figures.ts';
import { noAnswer } from '../simulation/venueFaults.ts';
import { startMs } from '../simulation/world.ts';
import {
  btc,
  ethSpot,
  eventsNamed,
  leaseOf,
  openedWorld,
  planned,
  policy,
  recordTrade,
  symbolNamed,
  usdcEarn,
  withVenue,
} from './given.ts';
import { signalsPolicy } from './signalsGiven.ts';
import { watchedWorld } from './watchedWorld.ts';

const slot = slotOf(policy.portfolio, 'schedule', startMs);
const look = async (ports: Ports) => await observe(ports, policy, slot);
const failing = (ports: Ports, ...calls: readonly (keyof VenueReader)[]): Ports =>
  withVenue(ports, {
    reader: Object.fromEntries(calls.map((call) => [call, () => Promise.reject(noAnswer())])),
  });
/** Every mark but the one of USDC. */
function withoutUsdc(ports: Ports): Ports {
  const reader = ports.venues.get(btc.venue)?.reader;
  return withVenue(ports, {
    reader: {
      quote: async (instrument) => {
        if (instrument.symbol === 'USDC/USDT' || reader === undefined) throw noAnswer();
        return await reader.quote(instrument);
      },
    },
  });
}
const seen = (snapshot: Awaited<ReturnType<typeof look>>, symbol: string) =>
  snapshot.instruments.find((one) => one.instrument.symbol === symbol);

describe('a venue that answers', () => {
  test('is in the snapshot with every leg, instrument and reading, each with its time', async () => {
    const { ports } = openedWorld();
    const snapshot = await look(ports);
    expect(snapshot).toMatchObject({ rebalanceId: slot.rebalanceId, trigger: 'schedule' });
    expect(snapshot.legs).toEqual(['btc', 'eth', 'eth-carry', 'usdc-earn']);
    expect(snapshot.unit).toMatchObject({ kind: 'known', usdByCoin: { USDT: 1, USDC: 1 } });
    expect(seen(snapshot, btc.symbol)).toMatchObject({
      quote: { kind: 'observed', value: { mark: 50_000 }, observedAtMs: startMs },
      funding: { kind: 'observed', value: { rate: 0.0001 } },
      yield: null,
      positionBase: { kind: 'observed', value: '0' },
    });
    expect(seen(snapshot, usdcEarn.symbol)).toMatchObject({
      quote: { value: { mark: 1 } },
      funding: null,
      yield: { kind: 'observed', value: { yieldAnnual: 0.04 } },
    });
    expect(snapshot.venues).toMatchObject([
      { id: 'alpha', account: { value: { equityUsd: 100_000 } }, clockOffsetMs: { value: 0 } },
    ]);
  });

  test('each leg has as many returns as the look-back, up to the last bar that is over', async () => {
    const { world, ports } = openedWorld();
    world.nowMs = startMs + 5 * 60_000;
    const snapshot = await look(ports);
    expect(snapshot.lastBarCloseMs).toBe(startMs);
    expect(snapshot.returnsByLeg.map((returns) => returns.length)).toEqual(
      policy.legs.map(() => policy.risk.lookbackBars),
    );
    expect(snapshot.worstDayByLeg.every((worst) => worst !== null && worst > 0)).toBe(true);
  });

  test('what is in the wallet is a spot market’s position, and the ledger says what the legs hold', async () => {
    const { world, ports } = openedWorld();
    await execute(ports, await recordTrade(ports, [planned()]), await leaseOf(ports));
    world.venue.wallet.set('ETH', 2.5);
    world.venue.prices.set(btc.symbol, 60_000);
    const snapshot = await look(ports);
    expect(seen(snapshot, ethSpot.symbol)?.positionBase).toMatchObject({ value: '2.5' });
    expect(seen(snapshot, btc.symbol)?.positionBase).toMatchObject({ value: '0.1' });
    expect(snapshot.holdings).toEqual([{ instrument: btc.id, leg: 'btc', amount: '0.1' }]);
    // Coins that no leg bought are the wallet's, not the carry leg's.
    expect(snapshot.heldUsdByLeg).toEqual([6_000, 0, 0, 0]);
  });

  test('the snapshot survives JSON as it is: no NaN, nothing undefined', async () => {
    const { ports } = openedWorld();
    const snapshot = await look(ports);
    expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot);
  });
});

describe('a venue that does not answer', () => {
  test('is unknown in every member, not an exception', async () => {
    const { world, ports } = openedWorld();
    world.venue.faults.isDown = true;
    const snapshot = await look(ports);
    const down = { kind: 'unknown', reason: 'alpha did not answer, was a timeout' };
    for (const { instrument, quote, funding, positionBase, yield: rate } of snapshot.instruments) {
      expect(positionBase).toEqual(down);
      if (instrument.kind === 'earn') expect(rate).toEqual(down);
      else expect(quote).toEqual(down);
      if (instrument.kind === 'perpetual') expect(funding).toEqual(down);
    }
    expect(snapshot.venues).toMatchObject([
      { account: down, clockOffsetMs: down, health: { state: 'unknown' } },
    ]);
    expect(snapshot.unit.kind).toBe('unknown');
  });

  test('an account that cannot be read leaves the positions known, and the other way round', async () => {
    const { ports } = openedWorld();
    const blind = await look(failing(ports, 'account'));
    expect(seen(blind, btc.symbol)?.positionBase.kind).toBe('observed');
    expect(seen(blind, ethSpot.symbol)?.positionBase.kind).toBe('unknown');
    const flat = await look(failing(ports, 'positions'));
    expect(seen(flat, btc.symbol)?.positionBase.kind).toBe('unknown');
    expect(seen(flat, ethSpot.symbol)?.positionBase.kind).toBe('observed');
  });

  test('the unit is unknown when the mark of USDC is, though every other mark is there', async () => {
    const snapshot = await look(withoutUsdc(openedWorld().ports));
    expect(seen(snapshot, btc.symbol)?.quote.kind).toBe('observed');
    expect(snapshot.unit.kind).toBe('unknown');
  });

  test('a lent coin without a mark has no known worth, though one of it is one of it', async () => {
    const inTether = { ...policy, bookUnit: 'usdt' as const };
    const { unit } = await observe(withoutUsdc(openedWorld().ports), inTether, slot);
    expect(unit).toEqual({
      kind: 'known',
      index: 'usdt',
      usdByCoin: { USDT: 1, BTC: 50_000, ETH: 3_000 },
    });
  });

  test('a fault of our own is not taken for the world’s', async () => {
    const { ports } = openedWorld();
    const broken = withVenue(ports, {
      reader: { quote: () => Promise.reject(new TypeError('x')) },
    });
    await expect(look(broken)).rejects.toThrow(TypeError);
  });

  test('a symbol that the venue does not list leaves its instruments out, and that is told', async () => {
    const { world, ports } = openedWorld();
    const unlisted = new OperatingError('alpha lists no such symbol, was BTC/USDT:USDT', {
      retryable: false,
      remedy: 'see the venue’s list',
    });
    const refusing = withVenue(ports, { reader: { instruments: () => Promise.reject(unlisted) } });
    expect((await look(refusing)).instruments).toEqual([]);
    expect(eventsNamed(world, 'instrumentsUnread')).toMatchObject([{ reason: unlisted.message }]);
  });
});

describe('what closes', () => {
  for (const trigger of ['guard', 'flatten', 'schedule'] as const) {
    const waits = trigger === 'schedule';
    test(`${trigger} waits ${waits ? '' : 'not '}for a look at the venues and for what markets say`, async () => {
      let looks = 0;
      let asks = 0;
      const read = async () => {
        looks += 1;
        return NO_FEEDS;
      };
      const { ports } = watchedWorld([], { feeds: { read } });
      const ask = () => {
        asks += 1;
        return Promise.reject(noAnswer());
      };
      const signals: SignalsReader = {
        book: ask,
        tradedBars: ask,
        openInterest: ask,
        longShare: ask,
        futures: ask,
        options: ask,
        volatilityIndex: ask,
      };
      const asking = { ...policy, signals: signalsPolicy };
      const closing = slotOf(policy.portfolio, trigger, startMs);
      const snapshot = await observe(withVenue(ports, { reader: { signals } }), asking, closing);
      expect([looks > 0, asks > 0, 'signals' in snapshot]).toEqual([waits, waits, waits]);
    });
  }
});

test('what the last decision remembered is in the next snapshot', async () => {
  const { world, ports } = openedWorld();
  const record = await recordTrade(ports, []);
  const explanation = record.decision.explanation;
  if (explanation === null) throw new Error('it explains itself');
  const leg = {
    leg: policy.legs[0]?.id ?? record.snapshot.legs[0],
    budget: 1,
    weight: 0.4,
    riskShare: 1,
    volatilityAnnual: 0.5,
    targetUsd: 1,
    heldUsd: 0,
    binding: null,
    gateOpen: true,
    leftOut: null,
  };
  if (leg.leg === undefined) throw new Error('there is a leg');
  world.rows.decisions.set(record.rebalanceId, {
    ...record,
    decision: {
      ...record.decision,
      explanation: { ...explanation, legs: [{ ...leg, leg: leg.leg }] },
    },
  });
  expect((await look(ports)).previous).toEqual({
    rebalanceId: record.rebalanceId,
    decidedAtMs: record.decision.decidedAtMs,
    weights: { btc: 0.4 },
    volatilityAnnual: { btc: 0.5 },
    gatesOpen: { btc: true },
  });
});

test('orders that have not ended are in the snapshot: their risk counts', async () => {
  const { world, ports } = openedWorld();
  world.venue.faults.sends.push('dropAfter');
  world.venue.faults.silentAnswers = Number.POSITIVE_INFINITY;
  await execute(ports, await recordTrade(ports, [planned()]), await leaseOf(ports));
  const snapshot = await look(ports);
  expect(snapshot.openOrders).toMatchObject([
    { instrument: symbolNamed('BTC/USDT:USDT').id, state: 'unknown', quantityBase: decimal('0.1') },
  ]);
});
