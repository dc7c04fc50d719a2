/**
 * Goal: the worked cases of venue solvency come out of the project's own formulas.
 * Method: one test a case, each answering with what the modules return; every field of `expected` is compared at its tolerance.
 */
import { observed } from '../../../src/domain/observed.ts';
import { assessVenue } from '../../../src/signals/solvency/assessVenue.ts';
import {
  annualDefaultRate,
  defaultHazard,
  defaultProbability,
} from '../../../src/signals/solvency/defaultRate.ts';
import { NOTHING_OFFERED } from '../../../src/signals/solvency/observations.ts';
import {
  changeShare,
  dislocationShare,
  flowShare,
  ownTokenShare,
  withdrawalStatus,
} from '../../../src/signals/solvency/readings.ts';
import { testAnswers } from '../../answeredCases.ts';

type Pair = readonly [number, number];
testAnswers('solvency', {
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
});

/** An outflow that a source states, where the rules restrict a venue for it and for nothing else. */
function statedAlarm(signal: 'netflow24h' | 'netflow7dShare', outShare: number): number {
  const seen =
    signal === 'netflow24h'
      ? { netflow24h: observed({ share: -outShare, robustZ: null }, 0) }
      : { netflow7dShare: observed(-outShare, 0) };
  const { state } = assessVenue({ ...NOTHING_OFFERED, ...seen }, null, 0);
  return state === 'restrict' ? outShare : Number.NaN;
}
