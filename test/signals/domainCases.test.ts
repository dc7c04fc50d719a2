/**
 * Goal: the worked cases of margin, funding, basis, solvency, hedging and liquidity come out of the project's own formulas.
 * Method: one test a case, each answering with what the modules return; every field of `expected` is compared at its tolerance.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { observed } from '../../src/domain/observed.ts';
import { autoExchangeUsd, collateralValueUsd } from '../../src/margin/collateral.ts';
import {
  inverseLiquidationPriceUsd,
  inverseMargin,
  inverseShortEquityCoins,
} from '../../src/margin/inverse.ts';
import { sizeLinearMarginUsd } from '../../src/margin/sizeLinear.ts';
import { completeTiers, nextDeduction, tierAt } from '../../src/margin/tier.ts';
import { fractionRates, normaliseTiers, statedDeduction } from '../../src/margin/venueTiers.ts';
import {
  basisAnnual,
  basisAnnualCompounded,
  basisAnnualLog,
  basisShare,
} from '../../src/signals/basis.ts';
import { carryProfitUsd, deleveragingRank } from '../../src/signals/carry.ts';
import {
  fundingAnnual,
  fundingAnnualCompounded,
  fundingCashUsd,
  fundingRate8h,
  impactNotionalUsd,
  premiumShare,
} from '../../src/signals/funding.ts';
import {
  butterfly,
  constantMaturityVolatility,
  riskReversal,
  strikeAtDelta,
} from '../../src/signals/hedging/optionSkew.ts';
import {
  longShortRatio,
  openInterestShare,
  perpetualToSpot,
  putCallRatio,
  volatilityPremium,
} from '../../src/signals/hedging/ratios.ts';
import { depthUsd, midPrice, takeFromBook } from '../../src/signals/liquidity/depth.ts';
import { amihudPerUsd } from '../../src/signals/liquidity/illiquidity.ts';
import { squareRootImpact } from '../../src/signals/liquidity/impact.ts';
import {
  bounceCovariance,
  corwinSchultz,
  corwinSchultzSpread,
  rollSpread,
} from '../../src/signals/liquidity/spread.ts';
import { assessVenue } from '../../src/signals/solvency/assessVenue.ts';
import {
  annualDefaultRate,
  defaultHazard,
  defaultProbability,
} from '../../src/signals/solvency/defaultRate.ts';
import { NOTHING_OFFERED } from '../../src/signals/solvency/observations.ts';
import {
  changeShare,
  dislocationShare,
  flowShare,
  ownTokenShare,
  withdrawalStatus,
} from '../../src/signals/solvency/readings.ts';

// The inputs have a shape of their own in each case; the test of a case states the one it reads.
type Case = {
  readonly name: string;
  readonly topic: string;
  readonly title: string;
  readonly inputs: never;
  readonly expected: Readonly<Record<string, unknown>>;
  readonly tolerance: { readonly kind: 'rel' | 'abs'; readonly value: number };
};
type Pair = readonly [number, number];
type SizeLinear = { size: number; index: number; base: number; slope: number };

const HOUR_MS = 3_600_000;
const TOPICS = ['margin', 'funding', 'basis', 'solvency', 'hedging', 'liquidity'];
const cases = JSON.parse(
  readFileSync(new URL('../cases/domain.json', import.meta.url), 'utf8'),
) as readonly Case[];

const sizeLinear = ({ size, index, base, slope }: SizeLinear) => ({
  margin_usdc: sizeLinearMarginUsd(size, index, { baseRate: base, slopePerBase: slope }),
});

const answers: Readonly<Record<string, (inputs: never) => Readonly<Record<string, unknown>>>> = {
  M06: (i: { tiers: readonly { floor: number; cap: number; mmr: number }[] }) => ({
    cum: completeTiers(
      'binance',
      i.tiers.map((tier) => ({
        floorUsd: tier.floor,
        capUsd: tier.cap,
        maintenanceMarginRate: tier.mmr,
      })),
    ).map((tier) => tier.deductionUsd),
  }),
  M08: (i: { floor: number; mmr5: number; mmr4: number; cum4: number }) => ({
    cum5: nextDeduction(i.cum4, i.floor, i.mmr4, i.mmr5),
  }),
  M10: (
    i: Readonly<Record<'bnb_value' | 'bnb_ratio' | 'deficit_a' | 'deficit_b' | 'haircut', number>>,
  ) => ({
    bnb_collateral: collateralValueUsd({
      coin: 'BNB',
      quantity: 1,
      priceUsd: i.bnb_value,
      bands: [{ capQuantity: null, ratio: i.bnb_ratio }],
    }),
    converted_a: autoExchangeUsd(i.deficit_a, i.haircut),
    converted_b: autoExchangeUsd(i.deficit_b, i.haircut),
  }),
  M12: (i: { qty_usd: number; entry: number; leverage: number; mmr: number }) => {
    const position = {
      quantityUsd: i.qty_usd,
      entryPriceUsd: i.entry,
      leverage: i.leverage,
      maintenanceMarginRate: i.mmr,
    };
    const margin = inverseMargin(position);
    return {
      pv_btc: margin.valueCoins,
      im_btc: margin.initialMarginCoins,
      mm_btc: margin.maintenanceMarginCoins,
      lp_long: inverseLiquidationPriceUsd(position, 'long'),
      lp_short: inverseLiquidationPriceUsd(position, 'short'),
    };
  },
  M16: (i: { tier: Parameters<typeof statedDeduction>[1] }) => {
    const contractUsd = 8;
    const read = normaliseTiers('okx', [i.tier], { contractUsd });
    const capUsd = read.kind === 'tiers' ? (read.tiers[0]?.capUsd ?? Number.NaN) : Number.NaN;
    return { max_contracts: capUsd / contractUsd, maint_amount: statedDeduction('okx', i.tier) };
  },
  M19a: sizeLinear,
  M19c: sizeLinear,
  M19e: sizeLinear,
  M23: (i: Readonly<Record<'row' | 'row_fraction', Readonly<Record<string, string>>>>) => {
    const rates = [i.row, i.row_fraction].map((row) =>
      fractionRates({
        maintenanceRate: Number(row['maintenanceMargin']),
        initialRate: Number(row['initialMargin']),
        leverageMax: Number(row['maxLeverage']),
      }),
    );
    expect(rates[0]).toEqual(rates[1]);
    return { mmr: rates[0]?.maintenanceRate, imr: rates[0]?.initialRate };
  },
  M25: (i: { tiers: readonly (readonly [number, number, number])[]; sizes: readonly number[] }) => {
    const tiers = completeTiers(
      'okx',
      i.tiers.map(([floorUsd, capUsd, rate]) => ({
        floorUsd,
        capUsd,
        maintenanceMarginRate: rate,
      })),
    );
    return { mmr: i.sizes.map((size) => tierAt(size, tiers).maintenanceMarginRate) };
  },
  F01: (i: { impact_bid: number; oracle: number; interest_8h: number; size: number }) => {
    const premium = premiumShare(i.impact_bid, i.impact_bid, i.oracle);
    const rate8h = fundingRate8h(premium, i.interest_8h);
    return {
      premium,
      f_8h: rate8h,
      f_1h: rate8h / 8,
      payment_per_hour_long_pays: -fundingCashUsd(i.size, i.oracle, rate8h / 8),
    };
  },
  F02: (i: { premiums: readonly number[] }) => ({ f: i.premiums.map((p) => fundingRate8h(p)) }),
  F04: (i: { max_leverage: number }) => ({ imn: impactNotionalUsd(i.max_leverage) }),
  F07: (i: { events: readonly (readonly [number, number, number])[] }) => {
    const cash = i.events.map(([quantity, mark, rate]) => fundingCashUsd(quantity, mark, rate));
    return { cash, total: cash.reduce((sum, each) => sum + each, 0) };
  },
  F08: (i: { rate_8h: number }) => ({
    simple: fundingAnnual(i.rate_8h, 8 * HOUR_MS),
    compound: fundingAnnualCompounded(i.rate_8h, 8 * HOUR_MS),
    compound_hourly: fundingAnnualCompounded(i.rate_8h / 8, HOUR_MS),
  }),
  B01: (i: { spot: number; future: number; days: number }) => {
    const basis = basisShare(i.future, i.spot);
    return {
      basis,
      simple: basisAnnual(basis, i.days),
      compound: basisAnnualCompounded(basis, i.days),
      log: basisAnnualLog(basis, i.days),
    };
  },
  B03: (i: {
    qty_short: number;
    rates: readonly number[];
    marks: readonly number[];
    basis_entry: number;
    basis_exit: number;
    fees: number;
  }) => {
    const profit = carryProfitUsd({
      quantityBase: i.qty_short,
      settlements: i.rates.map((rate, at) => ({ rate, markPriceUsd: i.marks[at] ?? Number.NaN })),
      basisEntryUsd: i.basis_entry,
      basisExitUsd: i.basis_exit,
      feesUsd: i.fees,
    });
    return { funding: profit.fundingUsd, basis_pnl: profit.basisUsd, net: profit.netUsd };
  },
  B05: (i: {
    collateral_btc: number;
    contracts_usd: number;
    entry: number;
    prices: readonly number[];
  }) => {
    const coins = i.prices.map((priceUsd) =>
      inverseShortEquityCoins({
        collateralCoins: i.collateral_btc,
        shortUsd: i.contracts_usd,
        entryPriceUsd: i.entry,
        priceUsd,
      }),
    );
    return { equity_btc: coins, equity_usd: coins.map((coin, at) => coin * (i.prices[at] ?? 0)) };
  },
  B07: (i: Readonly<Record<'a' | 'b' | 'c', { ret: number; lev: number }>>) => {
    const rank = (name: 'a' | 'b' | 'c') => deleveragingRank(i[name].ret, i[name].lev);
    const names = ['a', 'b', 'c'] as const;
    return {
      a: rank('a'),
      b: rank('b'),
      c: rank('c'),
      order: names.toSorted((x, y) => rank(y) - rank(x)),
    };
  },
  S01: (i: { cleanAssetsTvl: number; currentTvl: number }) => {
    const share = ownTokenShare(i.cleanAssetsTvl, i.currentTvl);
    return { own_share: share, clean: 1 - share };
  },
  S03: (i: Readonly<Record<string, number>> & { bybit_eth: Pair; ftx_btc: Pair }) => {
    const at = (name: string) => i[name] ?? Number.NaN;
    const lost = at('bybit_before') - at('bybit_after');
    return {
      bybit_total: -changeShare(at('bybit_before'), at('bybit_after')),
      bybit_ex_theft: flowShare(lost - at('bybit_stolen'), at('bybit_before')),
      binance_7d: flowShare(at('binance_7d'), at('binance_assets')),
      bybit_eth: -changeShare(...i.bybit_eth),
      ftx_btc: -changeShare(...i.ftx_btc),
      // Stated by the source, with nothing to work them out from: the rules restrict a venue for either alone.
      ftx_six_days: statedAlarm('netflow7dShare', 0.37),
      ftx_one_day: statedAlarm('netflow24h', 0.25),
    };
  },
  S04: (i: Readonly<Record<string, Pair>>) =>
    Object.fromEntries(
      Object.entries(i).map(([name, [venue, reference]]) => [
        name,
        dislocationShare(venue, reference),
      ]),
    ),
  S07: (i: Readonly<Record<'defaults' | 'rated' | 'years' | 'pd_annual' | 'days', number>>) => {
    const cumulative = i.defaults / i.rated;
    return {
      annual: annualDefaultRate(cumulative, i.years),
      hazard: defaultHazard(cumulative, i.years),
      pd_7d: defaultProbability(i.pd_annual, i.days),
      // Defaults ÷ rated ÷ years: what the intensity comes to where hardly anything defaults.
      simple: defaultHazard(cumulative * 1e-9, i.years) / 1e-9,
    };
  },
  S09: (i: {
    chains: readonly Readonly<Record<'chain' | 'chainWithdraw' | 'withdrawFee', string>>[];
  }) =>
    withdrawalStatus(
      i.chains.map(({ chain, chainWithdraw, withdrawFee }) => ({
        chain,
        withdrawOn: chainWithdraw === '1',
        withdrawFee,
      })),
    ),
  H01: (i: { iv25c: number; iv25p: number; atm: number }) => ({
    rr: riskReversal(i.iv25c, i.iv25p),
    bf: butterfly(i.iv25c, i.iv25p, i.atm),
  }),
  H02: (i: { F: number; iv: number; T_days: number }) => {
    const strike = (option: 'call' | 'put') =>
      strikeAtDelta({
        option,
        forwardPrice: i.F,
        volatilityAnnual: i.iv,
        days: i.T_days,
        delta: 0.25,
      });
    return { K_call: strike('call'), K_put: strike('put') };
  },
  H05: (i: { T1: number; s1: number; T2: number; s2: number; T: number }) => ({
    iv30: constantMaturityVolatility(
      { days: i.T1, volatility: i.s1 },
      { days: i.T2, volatility: i.s2 },
      i.T,
    ),
  }),
  H06: (i: Readonly<Record<string, number>>) => {
    const at = (name: string) => i[name] ?? Number.NaN;
    const premium = volatilityPremium(at('iv'), at('rv'));
    return {
      pcr: putCallRatio(at('put_oi'), at('call_oi')),
      oi_mcap: openInterestShare(at('oi'), at('mcap')),
      perp_spot: perpetualToSpot(at('perp_vol'), at('spot_vol')),
      long_short: longShortRatio(at('buyRatio')),
      vrp_var: premium.variance,
      vrp_vol: premium.volatility,
    };
  },
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
};

/** An outflow that a source states, where the rules restrict a venue for it and for nothing else. */
function statedAlarm(signal: 'netflow24h' | 'netflow7dShare', outShare: number): number {
  const seen =
    signal === 'netflow24h'
      ? { netflow24h: observed({ share: -outShare, robustZ: null }, 0) }
      : { netflow7dShare: observed(-outShare, 0) };
  const { state } = assessVenue({ ...NOTHING_OFFERED, ...seen }, null, 0);
  return state === 'restrict' ? outShare : Number.NaN;
}

function compare(actual: unknown, wanted: unknown, tolerance: Case['tolerance'], path: string) {
  if (Array.isArray(wanted)) {
    expect(actual, path).toHaveLength(wanted.length);
    for (const [i, each] of wanted.entries()) {
      compare((actual as readonly unknown[])[i], each, tolerance, `${path}[${i}]`);
    }
  } else if (typeof wanted === 'number') {
    const room = tolerance.kind === 'abs' ? tolerance.value : tolerance.value * Math.abs(wanted);
    expect(typeof actual, path).toBe('number');
    expect(
      Math.abs(Number(actual) - wanted),
      `${path}: ${actual} for ${wanted}`,
    ).toBeLessThanOrEqual(room);
  } else {
    expect(actual, path).toEqual(wanted);
  }
}

describe('worked cases of the domain', () => {
  for (const each of cases.filter((one) => TOPICS.includes(one.topic))) {
    test(`${each.name}: ${each.title}`, () => {
      const answer = answers[each.name];
      expect(answer, `no formula of ours answers ${each.name}`).toBeDefined();
      const actual = answer?.(each.inputs) ?? {};
      for (const [field, wanted] of Object.entries(each.expected)) {
        compare(actual[field], wanted, each.tolerance, field);
      }
    });
  }
});
