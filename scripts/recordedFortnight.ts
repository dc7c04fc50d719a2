/**
 * The recorded fortnight from 2022-11-01, in which FTX failed, as a Markdown table with its assumptions.
 *
 * Run: `EQUIPOISE_DATA=../shared/data npx tsx scripts/recordedFortnight.ts`. The run is the one of `test/e2e`.
 */
import { drive, type Run } from '../test/e2e/drive.ts';
import { openRig, type Rig, recordedFolder } from '../test/e2e/rig.ts';
import { type Day, daysOf, realised } from './recordedFortnight/days.ts';

const columns = [
  'day',
  'equity USD',
  'gross',
  'forecast',
  'realised',
  'risk shares',
  'traded',
  'orders',
  'fills',
  'fees',
  'funding',
  'yield',
] as const;

const percent = (share: number, digits = 1): string => `${(100 * share).toFixed(digits)} %`;

const row = (day: Day): readonly string[] => [
  new Date(day.startMs).toISOString().slice(0, 10),
  day.equityUsd.toFixed(0),
  day.grossLeverage.toFixed(2),
  percent(day.forecastVolatilityAnnual),
  percent(day.realisedVolatilityAnnual),
  day.riskShares.map((share) => (100 * share).toFixed(0)).join(' '),
  `${day.traded} of ${day.decided}`,
  String(day.orders),
  String(day.fills),
  day.feesUsd.toFixed(2),
  day.fundingUsd.toFixed(2),
  day.yieldUsd.toFixed(2),
];

function totalOf(days: readonly Day[], run: Run): readonly string[] {
  const sum = (of: (day: Day) => number): number => days.reduce((all, day) => all + of(day), 0);
  return [
    'all',
    (days.at(-1)?.equityUsd ?? Number.NaN).toFixed(0),
    '',
    '',
    percent(realised(run.equity.slice(0, days.length * 24 + 1).map((hour) => hour.equityUsd))),
    '',
    `${sum((day) => day.traded)} of ${sum((day) => day.decided)}`,
    String(sum((day) => day.orders)),
    String(sum((day) => day.fills)),
    sum((day) => day.feesUsd).toFixed(2),
    sum((day) => day.fundingUsd).toFixed(2),
    sum((day) => day.yieldUsd).toFixed(2),
  ];
}

function print(rig: Rig, run: Run): void {
  const days = daysOf(rig, run);
  const lines = [columns, columns.map(() => '---'), ...days.map(row), totalOf(days, run)];
  const legs = rig.policy.legs.map((leg) => leg.id).join(', ');
  const lowest = Math.min(...run.equity.map((hour) => hour.equityUsd));
  const adjusted = run.reconciled.reduce((count, report) => count + report.adjusted.length, 0);
  process.stdout.write(
    [
      ...lines.map((cells) => `| ${cells.join(' | ')} |`),
      '',
      `Risk shares in percent, in the order ${legs}; gross and forecast of the day's last decision, volatilities a year.`,
      'The forecast holds a default of the venue and a break of the peg, which these days did not see; they saw a crash.',
      `Lowest equity ${lowest.toFixed(0)} USD; highest maintenance margin ${percent(run.marginRatioMax, 2)} of equity; ` +
        `${run.reconciled.length} reconciliations, ${adjusted} adjustments.`,
      '',
      'Assumptions:',
      ...rig.market.notes.map((note) => `- ${note}`),
      '',
    ].join('\n'),
  );
}

const folder = recordedFolder();
if (folder !== null) {
  const rig = await openRig(folder);
  try {
    print(rig, await drive(rig, { untilMs: rig.toMs }));
  } finally {
    await rig.close();
  }
}
