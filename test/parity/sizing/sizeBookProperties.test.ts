/**
 * Goal: sizing over random books: no cap is exceeded, the target is a ceiling, shares hold under `parity`, the order of the legs
 * does not matter.
 * Method: properties over volatilities, venue states, holdings, funding and limits drawn at random.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Leg } from '../../../src/domain/leg.ts';
import type { VenueState } from '../../../src/domain/venue.ts';
import { bookScenarios, stressAt } from '../../../src/parity/sizing/accounts.ts';
import { usedUsd } from '../../../src/parity/sizing/caps.ts';
import { quantitiesOf } from '../../../src/parity/sizing/netting.ts';
import { volatilityUsd } from '../../../src/parity/sizing/sizingProblem.ts';
import { carryLeg, lendingLeg, stableLeg } from '../../rebalance/legsGiven.ts';
import { policyOf } from '../../rebalance/policyGiven.ts';
import { walshReturns } from '../../rebalance/snapshotWorld.ts';
import { btc, eth, shares, size, sol, within } from './sizedGiven.ts';

describe('over random books', () => {
  const legs = [btc, sol, eth, carryLeg, lendingLeg, stableLeg];
  const share = (min: number, max: number) => fc.double({ min, max, noNaN: true });
  const scenes = fc.record({
    volatilities: fc.tuple(...legs.map(() => share(0.02, 1.5))),
    whenCapped: fc.constantFrom('parity' as const, 'exposure' as const),
    grossLeverageMax: share(0.05, 6),
    usableEquityShare: share(0.1, 1),
    initialMarginShareMax: share(0.05, 1),
    stressPerpetualShare: share(0.05, 0.9),
    stressBasisShare: share(0.01, 0.1),
    venueShareMax: share(0.05, 2),
    issuerShareMax: share(0.01, 1),
    legShareMax: share(0.01, 2),
    targetVolatilityAnnual: share(0.02, 1),
    state: fc.constantFrom('healthy', 'watch', 'restrict', 'unknown') as fc.Arbitrary<VenueState>,
    held: fc.tuple(...legs.map(() => fc.oneof(fc.constant(0), share(0, 30_000)))),
    fundingRate: share(-0.0005, 0.0005),
  });
  type Drawn = typeof scenes extends fc.Arbitrary<infer T> ? T : never;
  const run = ({ volatilities, state, held, fundingRate, ...sizing }: Drawn) =>
    size(policyOf(legs, { sizing: { ...sizing, stressStableShare: 0.1 } }), {
      volatilities,
      held,
      fundingRate,
      venue: (seen) => ({ ...seen, health: { ...seen.health, state } }),
    });

  test('no cap is exceeded, nothing is NaN or below 0, the target is a ceiling', () => {
    fc.assert(
      fc.property(scenes, (scene) => {
        const { sized, estimate, book } = run(scene);
        for (const usd of sized.notionalsUsd) expect(usd).toBeGreaterThanOrEqual(0);
        for (const cap of sized.caps) {
          const used = usedUsd(cap, sized.notionalsUsd);
          expect(used, cap.code).toBeLessThanOrEqual(cap.limitUsd * (1 + 1e-9) + 1e-6);
        }
        const isFixed = sized.standings.some((standing) => standing.state.kind === 'held');
        const volatility = volatilityUsd(estimate, sized.notionalsUsd) / book.equityUsd;
        if (!isFixed) {
          expect(volatility).toBeLessThanOrEqual(scene.targetVolatilityAnnual * (1 + 1e-9));
        }
        const quantities = quantitiesOf(
          book,
          sized.notionalsUsd.map((usd) => usd * (1 - 1e-9)),
        );
        expect(stressAt(book, quantities, bookScenarios(book), null).kind).toBe('holds');
        for (const [index, { state }] of sized.standings.entries()) {
          if (state.kind !== 'sized') continue;
          const uncapped = sized.uncappedUsd[index] ?? 0;
          expect(sized.notionalsUsd[index]).toBeLessThanOrEqual(uncapped * (1 + 1e-9));
        }
      }),
      { seed: 20240601, numRuns: 150 },
    );
  });

  test('under parity the shares of the sized legs hold among themselves', () => {
    fc.assert(
      fc.property(scenes, (scene) => {
        const healthy = {
          ...scene,
          // Above the cap of its only venue a book does not open.
          venueShareMax: 2,
          whenCapped: 'parity',
          state: 'healthy',
          fundingRate: 0.0005,
        } as const;
        const { sized, estimate } = run(healthy);
        for (const each of shares(estimate, sized)) expect(each).toBeCloseTo(1 / legs.length, 8);
      }),
      { seed: 20240602, numRuns: 60 },
    );
  });

  test('the order of the legs does not matter', () => {
    const order = [3, 0, 5, 1, 4, 2];
    const volatilities = [0.5, 1.1, 0.7, 0.1, 0.05, 0.06];
    const sizing = { usableEquityShare: 0.7, grossLeverageMax: 1.2 };
    const one = size(policyOf(legs, { sizing }), { volatilities });
    const returns = legs.map((_, index) => walshReturns(index, volatilities[index] ?? 0));
    const other = size(
      policyOf(
        order.map((at) => legs[at] as Leg),
        { sizing },
      ),
      {
        snapshot: { returnsByLeg: order.map((at) => returns[at] ?? []) },
      },
    );
    for (const [at, index] of order.entries()) {
      within(other.sized.notionalsUsd[at], one.sized.notionalsUsd[index] ?? 0, 1e-8);
    }
  });
});
