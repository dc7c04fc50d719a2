/**
 * Sizing over the recorded years: `decide` every eight hours on the hourly bars of 2021 to mid-2025, filled on paper.
 *
 * Checks that no book which sizing wants breaches the stressed-margin rule, and that the worst hour, with every price at its low or at
 * its high at once, leaves each venue above maintenance. Prints one Markdown table for each target; takes some minutes.
 *
 * Run: `EQUIPOISE_DATA=../shared/data npx tsx scripts/historySizing.ts`. Fails where a check does. `--book 0` or `1` runs one of the
 * two, `--until 2022-01-01` fewer years, `--trade-to edge` with that in place of the target, `--show` prints breaches and denials.
 */
import { parseArgs } from 'node:util';
import { parseConfig } from '../src/config/load.ts';
import { policyOf } from '../src/config/policy.ts';
import { type Run, runHistory } from './historySizing/run.ts';

const folder = process.env['EQUIPOISE_DATA'] ?? '../shared/data';
const fromMs = Date.UTC(2021, 0, 1, 1);
const { values: asked } = parseArgs({
  options: {
    book: { type: 'string' },
    until: { type: 'string', default: '2025-06-30' },
    'trade-to': { type: 'string', default: 'target' },
    'reward-per-risk': { type: 'string', default: '1' },
    show: { type: 'boolean', default: false },
  },
});
const toMs = Date.parse(asked.until);
const onAlpha = ['BTC', 'ETH', 'XRP', 'ADA', 'LTC'];
const onBeta = ['SOL', 'BNB', 'LINK', 'DOGE', 'BCH'];

const legOf = (coin: string, venue: string): string =>
  `  - { id: ${coin.toLowerCase()}, kind: perpetual, venue: ${venue}, symbol: ${coin}/USDT:USDT, group: perpetuals }`;

const yieldLegs = `
  - { id: eth-carry, kind: carry, venue: alpha, spot: ETH/USDT, perpetual: ETH/USDT:USDT, group: yield }
  - { id: usdc-earn, kind: lending, venue: beta, coin: USDC, group: yield }
objective: { kind: risk-parity, groupBudgets: { perpetuals: 0.7, yield: 0.3 } }`;

type Variant = {
  readonly title: string;
  readonly tail: string;
  readonly sizing: string;
};

const variants: readonly Variant[] = [
  {
    title: 'Target volatility 0.15, gross leverage at most 3',
    tail: yieldLegs,
    sizing: '{ targetVolatilityAnnual: 0.15, grossLeverageMax: 3 }',
  },
  {
    title: 'Aggressive: perpetuals alone, target volatility 2, gross leverage at most 5',
    tail: '',
    sizing: '{ targetVolatilityAnnual: 2, grossLeverageMax: 5 }',
  },
];

const configOf = ({ tail, sizing }: Variant): string => `
portfolio: history
venues:
  alpha: { exchange: bybit, environment: simulated, endpoint: http://127.0.0.1:1 }
  beta: { exchange: bybit, environment: simulated, endpoint: http://127.0.0.1:2 }
legs:
${onAlpha.map((coin) => legOf(coin, 'alpha')).join('\n')}
${onBeta.map((coin) => legOf(coin, 'beta')).join('\n')}${tail}
risk: { historyBarsMin: 336 }
sizing: ${sizing}
limits: { orderUsdMax: 1000000000, drawdownHaltShare: 1, dailyLossHaltShare: 1, ordersPerMinuteMax: 10000 }
rebalance: { every: 28800000, tradeTo: ${asked['trade-to']}, rewardPerRisk: ${asked['reward-per-risk']} }
`;

const percent = (share: number, digits = 1): string => `${(100 * share).toFixed(digits)} %`;

function print(title: string, run: Run): void {
  console.log(`\n${title}\n`);
  console.log(
    '| year | decisions | traded | max gross | mean forecast | realised | worst hour | least margin distance | least stress headroom | turnover | cost | share gap | bound by |',
  );
  console.log(`|${' --- |'.repeat(13)}`);
  for (const year of run.years) {
    const row = [
      year.name,
      year.decisions,
      year.traded,
      year.grossMax.toFixed(2),
      percent(year.forecastMean),
      percent(year.realised),
      percent(year.worstHour, 2),
      `${year.marginDistanceMin.toFixed(1)} ×`,
      percent(year.headroomMin),
      `${year.turnover.toFixed(1)} ×`,
      percent(year.costShare, 2),
      percent(year.shareGapMean, 2),
      year.boundBy,
    ];
    console.log(`| ${row.join(' | ')} |`);
  }
  console.log(
    `\nStressed-margin breaches: ${run.breaches}; hours below maintenance: ${run.liquidations}.`,
  );
  console.log(`Stood: ${JSON.stringify(run.stood)}; denied: ${JSON.stringify(run.denied)}.`);
}

let failed = false;
for (const variant of variants.filter((_, at) => (asked.book ?? String(at)) === String(at))) {
  const loaded = parseConfig(configOf(variant), {});
  if (loaded.kind === 'invalid') throw new Error(JSON.stringify(loaded.faults));
  const symbols = [...onAlpha, ...onBeta].map((coin) => `${coin}USDT`);
  const span = { fromMs, toMs, symbols };
  const note = asked.show ? (line: string) => console.error(line) : () => undefined;
  const run = await runHistory(folder, policyOf(loaded.config), span, note);
  print(variant.title, run);
  failed ||= run.breaches > 0 || run.liquidations > 0;
}
if (failed) process.exitCode = 1;
