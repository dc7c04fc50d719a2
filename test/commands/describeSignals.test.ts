/** Goal: a person reads basis, demand and liquidity per coin, and what was not read. Method: the lines of one explanation. */
import { expect, test } from 'vitest';
import { describeSignals } from '../../src/commands/describeSignals.ts';
import { instrumentId, venueId } from '../../src/domain/ids.ts';
import type { UnderlyingExplanation } from '../../src/domain/signalsExplanation.ts';

const alpha = venueId('alpha');
const btc: UnderlyingExplanation = {
  venue: alpha,
  underlying: 'BTC',
  basis: { of: 'future', annual: 0.0712, z: 1.26, state: 'contango' },
  carryAnnual: 0.11,
  breakEvenDays: 6.66,
  demand: { score: 0.31, parts: { funding: 0.5, putCall: 0.12 } },
  forecastRaiseShare: 0.031,
  impliedAnnual: 0.55,
  liquidity: [
    {
      instrument: instrumentId(alpha, 'BTC/USDT:USDT'),
      volumeDailyUsd: 1_234_567,
      volatilityDaily: 0.03,
      turnoverRatio: 2.5,
      spreadShare: 0.00012,
      depth10Usd: 50_000,
      depth50Usd: null,
      amihudPerUsd: 3e-10,
      kyleLambda: null,
      impactBps: 12.34,
      exitDays: 0.021,
    },
  ],
  unread: ['longShare: no answer'],
};

test('every figure of a coin is there, and what was not read is said', () => {
  const text = describeSignals([btc]).join('\n');
  expect(text).toMatch(
    /BTC at alpha +7\.1 % \(future\) +1\.3 +contango +11\.0 % +6\.7 days +0\.31 +3\.1 % +55\.0 % +funding 0\.50, putCall 0\.12/,
  );
  expect(text).toMatch(
    /alpha\|BTC\/USDT:USDT +1,234,567 +2\.50 +1\.2 bps +50,000 +– +3\.00 bps +12\.3 bps +30\.2 min/,
  );
  expect(text).toContain('not read, BTC at alpha, longShare: no answer');
});

test('without signals there is nothing to read', () => {
  expect(describeSignals([])).toEqual([]);
});
