/**
 * Goal: the worked cases of liquidity come out of the project's own formulas.
 * Method: one test a case, each answering with what the modules return; every field of `expected` is compared at its tolerance.
 */
import { depthUsd, midPrice, takeFromBook } from '../../../src/signals/liquidity/depth.ts';
import { amihudPerUsd } from '../../../src/signals/liquidity/illiquidity.ts';
import { squareRootImpact } from '../../../src/signals/liquidity/impact.ts';
import {
  bounceCovariance,
  corwinSchultz,
  corwinSchultzSpread,
  rollSpread,
} from '../../../src/signals/liquidity/spread.ts';
import { testAnswers } from '../../answeredCases.ts';

type Pair = readonly [number, number];

testAnswers('liquidity', {
  L01: (i: { r: readonly number[]; dollar_volume: readonly number[] }) => ({
    amihud_x1e6: (amihudPerUsd(i.r, i.dollar_volume) ?? Number.NaN) * 1e6,
  }),
  L03: (i: { prices: readonly number[]; trending: readonly number[] }) => ({
    cov: bounceCovariance(i.prices),
    roll: rollSpread(i.prices),
    trending: rollSpread(i.trending),
  }),
  L04: (i: Readonly<Record<'case1' | 'case2', readonly [Pair, Pair]>>) => {
    const bars = (pairs: readonly [Pair, Pair]) =>
      [
        { high: pairs[0][0], low: pairs[0][1] },
        { high: pairs[1][0], low: pairs[1][1] },
      ] as const;
    const { beta, gamma, alpha, raw } = corwinSchultz(...bars(i.case1));
    return {
      beta,
      gamma,
      alpha,
      spread: raw,
      case2_raw: corwinSchultz(...bars(i.case2)).raw,
      case2: corwinSchultzSpread(bars(i.case2)),
    };
  },
  L05: (i: { sigma: number; adv: number; Y: number; Q: readonly number[] }) => {
    const impacts = i.Q.map((quantityUsd) =>
      squareRootImpact({
        quantityUsd,
        volatilityDaily: i.sigma,
        volumeDailyUsd: i.adv,
        coefficient: i.Y,
      }),
    );
    return {
      bps: impacts.map((impact) => impact.peakBps),
      cost_usd_at_1m_avg_two_thirds: impacts[1]?.costUsd,
    };
  },
  L07: (i: { asks: readonly Pair[]; bids: readonly Pair[]; x_bps: number; buy: number }) => {
    const depth = depthUsd(i, i.x_bps);
    const taking = takeFromBook(i, 'buy', i.buy);
    return {
      mid: midPrice(i),
      ask_depth: depth?.askUsd,
      bid_depth: depth?.bidUsd,
      vwap: taking.kind === 'filled' ? taking.averagePrice : taking.kind,
      slippage_bps: taking.kind === 'filled' ? taking.slippageBps : taking.kind,
    };
  },
});
