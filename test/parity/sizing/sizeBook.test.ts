/**
 * Goal: from weights to notionals, at the volatility target and under every cap.
 * Method: closed forms. Uncorrelated legs of known volatility at equal budgets have notionals target·equity/(σ·√n), and a cap of
 * the whole book cuts them to a figure that can be written down.
 */
import { describe, expect, test } from 'vitest';
import type { Leg } from '../../../src/domain/leg.ts';
import type { Policy } from '../../../src/domain/policy.ts';
import { evaluateAccount } from '../../../src/margin/account.ts';
import { accountsAt } from '../../../src/parity/sizing/accounts.ts';
import { quantitiesOf } from '../../../src/parity/sizing/netting.ts';
import { volatilityUsd } from '../../../src/parity/sizing/sizingProblem.ts';
import { alpha, beta, carryLeg, lendingLeg } from '../../rebalance/legsGiven.ts';
import { policyOf } from '../../rebalance/policyGiven.ts';
import type { Scene } from '../../rebalance/snapshotWorld.ts';
import { btc, eth, shares, size, sol, within } from './sizedGiven.ts';

describe('closed forms', () => {
  test('two uncorrelated perpetuals are sized by inverse volatility to the target', () => {
    const { sized } = size(policyOf([btc, sol]), { volatilities: [0.5, 1] });
    within(sized.notionalsUsd[0], (0.2 * 100_000) / (0.5 * Math.SQRT2));
    within(sized.notionalsUsd[1], (0.2 * 100_000) / (1 * Math.SQRT2));
    expect(sized.bindings).toEqual([null, null]);
  });

  test('budgets by leg and by group set the squares of the risks', () => {
    const legs: Leg[] = [
      { ...btc, group: 'majors', budget: 3 },
      { ...eth, group: 'majors', budget: 1 },
      { ...sol, group: 'alts' },
    ];
    const policy = policyOf(legs, { objective: { groupBudgets: { majors: 0.8, alts: 0.2 } } });
    const { sized, estimate } = size(policy, { volatilities: [0.5, 0.5, 0.5] });
    const wanted = [0.6, 0.2, 0.2];
    for (const [index, share] of shares(estimate, sized).entries())
      within(share, wanted[index] ?? 0);
  });

  const capped: readonly (readonly [string, Leg[], Partial<Policy['sizing']>, Scene, number[]])[] =
    [
      // Uncapped 28284 and 14142: gross 0.42426.
      ['GROSS_LEVERAGE', [btc, sol], { grossLeverageMax: 0.3 }, {}, [20_000, 10_000]],
      ['LEG_CAP', [btc, sol], { legShareMax: 0.1 }, {}, [10_000, 5_000]],
      // Leverage there is ceil(10 / 0.05) but at most the tier's 100.
      ['INITIAL_MARGIN', [btc, sol], { initialMarginShareMax: 0.0003 }, {}, [2_000, 1_000]],
    ];
  test.each(capped)('%s alone cuts the book together', (code, legs, sizing, scene, wanted) => {
    const { sized } = size(policyOf(legs, { sizing }), { volatilities: [0.5, 1], ...scene });
    for (const [index, usd] of wanted.entries()) within(sized.notionalsUsd[index], usd);
    expect(sized.bindings.map((binding) => binding?.code)).toEqual([code, code]);
    within((sized.notionalsUsd[0] ?? 0) + (sized.bindings[0]?.shortfallUsd ?? 0), 28_284);
  });

  test('stressed margin cuts where the worst scenario leaves maintenance × buffer', () => {
    const sizing = {
      targetVolatilityAnnual: 2,
      stressPerpetualShare: 0.4,
      stressedMarginBuffer: 2,
    };
    const { sized } = size(policyOf([btc], { sizing }), { volatilities: [0.5] });
    // Fall: E - 0.4 x = 2·0.005·0.6 x.
    within(sized.notionalsUsd[0], 100_000 / (0.4 + 2 * 0.005 * 0.6), 1e-6);
    expect(sized.bindings[0]?.code).toBe('STRESSED_MARGIN');
  });

  test('the worst day on record × its multiple is in the stress set', () => {
    const sizing = { targetVolatilityAnnual: 2, stressPerpetualShare: 0.1, worstDayMultiple: 2 };
    const { sized } = size(policyOf([btc], { sizing }), {
      volatilities: [0.5],
      snapshot: { worstDayByLeg: [0.35] },
    });
    within(sized.notionalsUsd[0], 100_000 / (0.7 + 0.005 * 0.3), 1e-6);
  });
});

describe('whenCapped', () => {
  const policy = (whenCapped: 'parity' | 'exposure') =>
    policyOf([btc, sol, lendingLeg], { sizing: { whenCapped, usableEquityShare: 0.6 } });
  const volatilities = [0.5, 1, 0.02];

  test('parity keeps the shares and falls below the target', () => {
    const { sized, estimate, book } = size(policy('parity'), { volatilities });
    for (const share of shares(estimate, sized)) expect(share).toBeCloseTo(1 / 3, 9);
    expect(volatilityUsd(estimate, sized.notionalsUsd) / book.equityUsd).toBeLessThan(0.19);
  });

  test('exposure leaves the legs that the cap does not concern as they are', () => {
    const sizing = { whenCapped: 'exposure', issuerShareMax: 0.1 } as const;
    const { sized } = size(policyOf([btc, sol, lendingLeg], { sizing }), { volatilities });
    expect(sized.notionalsUsd[2]).toBeCloseTo(10_000, 4);
    expect(sized.notionalsUsd[0]).toBeCloseTo(sized.uncappedUsd[0] ?? 0, 6);
    expect(sized.bindings.map((binding) => binding?.code ?? null)).toEqual([
      null,
      null,
      'ISSUER_CAP',
    ]);
  });
});

test('lent coins leave the margin account, bought ones stay in it after a haircut', () => {
  const { book } = size(policyOf([btc, carryLeg, lendingLeg]));
  const [only] = accountsAt(book, quantitiesOf(book, [0, 20_000, 30_000]));
  expect(only?.account.walletBalanceUsd).toBe(50_000);
  expect(
    evaluateAccount(only?.account ?? { mode: 'cross', walletBalanceUsd: 0, positions: [] }),
  ).toMatchObject({ equityUsd: 50_000 + 0.9 * 20_000 });
});

test('all venues of the universe count towards the equity', () => {
  const { book } = size(policyOf([btc, { ...sol, venue: beta }]));
  expect(book.equityUsd).toBe(100_000);
  expect(book.venues.map((each) => each.venue)).toEqual([alpha, beta]);
});
