/**
 * Goal: the worked cases of hedging demand come out of the project's own formulas.
 * Method: one test a case, each answering with what the modules return; every field of `expected` is compared at its tolerance.
 */
import {
  butterfly,
  constantMaturityVolatility,
  riskReversal,
  strikeAtDelta,
} from '../../../src/signals/hedging/optionSkew.ts';
import {
  longShortRatio,
  openInterestShare,
  perpetualToSpot,
  putCallRatio,
  volatilityPremium,
} from '../../../src/signals/hedging/ratios.ts';
import { testAnswers } from '../../answeredCases.ts';

testAnswers('hedging', {
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
});
