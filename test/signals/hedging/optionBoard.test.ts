/**
 * Goal: a board's figures are those of its smile. Method: smiles whose wings are known in closed form, the simulator's board at its
 * own parameters, and boards that do not say.
 */
import { describe, expect, test } from 'vitest';
import { type BoardOption, boardFigures } from '../../../src/signals/hedging/optionBoard.ts';
import { optionBoard } from '../../../src/simulator/market/options.ts';

const dayMs = 86_400_000;
const nowMs = Date.UTC(2025, 1, 1);

/** Strikes every half per cent around 100, with volatility as a function of the strike. */
function smile(days: number, volatility: (strike: number) => number): readonly BoardOption[] {
  return Array.from({ length: 201 }, (_, i) => 50 + i * 0.5).flatMap((strike) =>
    (['call', 'put'] as const).map((option) => ({
      option,
      strike,
      deliveryMs: nowMs + days * dayMs,
      underlyingPrice: 100,
      volatilityAnnual: volatility(strike),
      openInterest: option === 'put' ? 3 : 4,
    })),
  );
}

describe('a board', () => {
  test('with a flat smile implies that volatility and leans nowhere', () => {
    const figures = boardFigures([...smile(10, () => 0.6), ...smile(50, () => 0.6)], nowMs);
    expect(figures.impliedAnnual).toBeCloseTo(0.6, 12);
    expect(figures.riskReversal).toBeCloseTo(0, 12);
    expect(figures.putCall).toBe(0.75);
  });

  test('joins deliveries in total variance: 40 % at 10 days and 80 % at 50 are 75.2 % at 30', () => {
    const { impliedAnnual } = boardFigures(
      [...smile(10, () => 0.4), ...smile(50, () => 0.8)],
      nowMs,
    );
    expect(impliedAnnual).toBeCloseTo(Math.sqrt((0.5 * 0.16 * 10 + 0.5 * 0.64 * 50) / 30), 12);
  });

  test('with dear puts has a risk reversal below zero: the difference where |delta| is a quarter', () => {
    const level = 0.6;
    const slope = 0.2;
    const years = 30 / 365;
    const volatility = (strike: number) => level - slope * Math.log(strike / 100);
    const wing = (d1: number): number => {
      // d1(K) falls with K: halved until it is met.
      let [low, high] = [50, 150];
      for (let step = 0; step < 80; step++) {
        const strike = (low + high) / 2;
        const deviation = volatility(strike) * Math.sqrt(years);
        if (Math.log(100 / strike) / deviation + deviation / 2 > d1) low = strike;
        else high = strike;
      }
      return volatility(low);
    };
    const exact = wing(-0.6744897501960817) - wing(0.6744897501960817);
    expect(exact).toBeLessThan(-0.03);
    expect(boardFigures(smile(30, volatility), nowMs).riskReversal).toBeCloseTo(exact, 5);
  });

  test('of the simulator leans as its smile does, and holds two puts for three calls', () => {
    const world = { coin: 'BTC', index: 100_000, realisedVolatility: 0.5, basisAnnual: 0.04 };
    const board = optionBoard(world, nowMs).map(
      (row): BoardOption => ({
        option: row.isCall ? 'call' : 'put',
        strike: row.strike,
        deliveryMs: row.deliveryMs,
        underlyingPrice: row.forward,
        volatilityAnnual: row.impliedVolatility,
        openInterest: row.openInterest,
      }),
    );
    const figures = boardFigures(board, nowMs);
    // Between two deliveries the true variance is a little concave.
    const exact = 1.1 * Math.sqrt(0.25 * Math.exp(-1) + 0.55 ** 2 * (1 - Math.exp(-1)));
    expect(Math.abs((figures.impliedAnnual ?? 0) / exact - 1)).toBeLessThan(0.01);
    // About s (1 - 0.05 m) at m of ±0.67, so 0.067 s apart; the tilt of d1 takes a little.
    expect(figures.riskReversal).toBeCloseTo(-0.0674 * exact, 2);
    expect(figures.putCall).toBeCloseTo(2 / 3, 2);
  });

  test('without options, or with those of the last day only, says nothing', () => {
    const nothing = { impliedAnnual: null, riskReversal: null };
    expect(boardFigures([], nowMs)).toEqual({ ...nothing, putCall: null });
    expect(
      boardFigures(
        smile(1, () => 0.6),
        nowMs,
      ),
    ).toMatchObject(nothing);
    const narrow = smile(30, () => 0.6).filter(({ strike }) => Math.abs(strike - 100) < 2);
    expect(boardFigures(narrow, nowMs)).toMatchObject({ riskReversal: null });
  });
});
