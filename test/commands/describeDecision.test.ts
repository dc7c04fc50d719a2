/**
 * Goal: `plan` tells a person every share of the risk that the decision holds, and what nobody knows as unknown.
 * Method: a decision over known legs, its text line by line.
 */
import { expect, test } from 'vitest';
import { describeDecision } from '../../src/commands/describeDecision.ts';
import { legId } from '../../src/domain/ids.ts';
import { decide } from '../../src/rebalance/decide.ts';
import { lendingLeg, perpetualLeg } from '../rebalance/legsGiven.ts';
import { policyOf } from '../rebalance/policyGiven.ts';
import { type Scene, snapshotOf } from '../rebalance/snapshotWorld.ts';

const policy = policyOf([perpetualLeg('btc', 'BTC/USDT:USDT'), lendingLeg]);
const textOf = (scene: Scene) => describeDecision(decide(snapshotOf(policy, scene), policy));

test('legs, collateral, groups, venues, factors, tails, bets and the past are all there', () => {
  const held = [20_000, 10_000].map((usd) => Array.from({ length: 100 }, () => usd));
  const text = textOf({
    volatilities: [0.5, 0.05],
    snapshot: { heldUsdByLegByBar: held },
  });
  expect(text).toMatch(/btc +50\.0 % +50\.0 % +\d+\.\d %/);
  expect(text).toMatch(/solver [a-z- ]+, gap \d\.\de[+-]\d+, \d+ iterations/);
  expect(text).toMatch(/USDT idle at alpha/);
  expect(text).toMatch(/groups: btc \d+\.\d %, usdc-earn \d+\.\d %/);
  expect(text).toMatch(/venues: alpha 100\.0 %/);
  expect(text).toMatch(/factors of the legs: market 50\.0 %, peg 50\.0 %/);
  expect(text).toMatch(
    /normal [\d,]+ \/ [\d,]+, Cornish–Fisher [\d,]+ \/ [\d,]+, historical [\d,]+/,
  );
  expect(text).toMatch(/effective bets [12]\.\d\d, diversification ratio 1\.4\d/);
  expect(text).toMatch(/over the last 100 bars the book moved \d+\.\d % a year/);
});

test('a hedge has its own line', () => {
  const decision = decide(snapshotOf(policy, { volatilities: [0.5, 0.05] }), policy);
  const { explanation } = decision;
  if (explanation === null) throw new Error('it was sized');
  const hedge = {
    coin: 'BTC',
    at: 'treasury',
    quantityBase: 2,
    chosen: { leg: legId('hedge:BTC'), ratio: 0.98, effectiveness: 0.96, costAnnual: 0.02 },
    targetUsd: -98_000,
    heldUsd: -97_500,
    realised: { kind: 'insufficientHistory' as const, bars: 3 },
  };
  const text = describeDecision({ ...decision, explanation: { ...explanation, hedges: [hedge] } });
  expect(text).toContain(
    'hedge of 2 BTC at treasury: by hedge:BTC at ratio 0.980, should take 96.0 % of the variance, costs 2.0 % a year; target -98,000 USD, held -97,500 USD; too short a time to say what it took, was 3 bars',
  );
});

test('a past that is too short is said to be', () => {
  expect(textOf({ volatilities: [0.5, 0.05] })).toContain('realised contributions need a day');
});
