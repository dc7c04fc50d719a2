/**
 * Goal: the worked cases of funding and basis come out of the project's own formulas.
 * Method: one test a case, each answering with what the modules return; every field of `expected` is compared at its tolerance.
 */
import { inverseShortEquityCoins } from '../../src/margin/inverse.ts';
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
import { testAnswers } from '../answeredCases.ts';

const HOUR_MS = 3_600_000;

testAnswers('funding', {
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
});

testAnswers('basis', {
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
});
