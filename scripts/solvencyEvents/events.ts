/**
 * Labelled failures and survivals of exchanges and lenders, with the published figures of each.
 *
 * A flow is spread evenly over the days it is stated for, because nothing finer was published: real ones came late
 * and sudden. Where BTC's own move is not stated, the move of a venue's token stands for its excess.
 */
export type SolvencyEvent = {
  readonly name: string;
  readonly outcome: 'failed' | 'survived';
  readonly startIso: string;
  readonly endIso: string;
  /** The figures as published, and what was assumed to date them. */
  readonly figures: string;
  readonly flows: readonly (Period & { readonly share: number })[];
  readonly halts: readonly (Period & { readonly coins: readonly string[] })[];
  readonly dislocations: readonly (Period & { readonly share: number })[];
  readonly tokenMoves: readonly (Period & { readonly share: number })[];
};

/** From the first instant to before the last. */
export type Period = { readonly fromIso: string; readonly toIso: string };

const period = (fromIso: string, toIso: string): Period => ({ fromIso, toIso });

export const SOLVENCY_EVENTS: readonly SolvencyEvent[] = [
  {
    name: 'Mt.Gox 2014',
    outcome: 'failed',
    startIso: '2013-09-01',
    endIso: '2014-02-25',
    figures:
      '$145 v $130 in Sep 2013, a premium for months; > 25 % over BTC-e on 28 Jan 2014; BTC withdrawals halted 7 Feb; $220 on 18 Feb, gap > $350',
    flows: [],
    halts: [{ ...period('2014-02-07', '2014-02-25'), coins: ['BTC'] }],
    dislocations: [
      { ...period('2013-09-04', '2014-01-28'), share: 145 / 130 - 1 },
      { ...period('2014-01-28', '2014-02-07'), share: 0.25 },
      { ...period('2014-02-18', '2014-02-25'), share: 220 / 570 - 1 },
    ],
    tokenMoves: [],
  },
  {
    name: 'OKEx 2020',
    outcome: 'survived',
    startIso: '2020-10-10',
    endIso: '2020-12-10',
    figures:
      'withdrawals suspended 16 Oct to 26 Nov; 2.8 % of BTC left in the first hour; OKB −15 % the same day, −30 % in two',
    flows: [{ ...period('2020-10-16', '2020-10-17'), share: -0.028 }],
    halts: [{ ...period('2020-10-16', '2020-11-26'), coins: ['BTC', 'USDT', 'USDC'] }],
    dislocations: [],
    tokenMoves: [
      { ...period('2020-10-16', '2020-10-17'), share: -0.15 },
      { ...period('2020-10-17', '2020-10-18'), share: -0.15 },
    ],
  },
  {
    name: 'Celsius 2022',
    outcome: 'failed',
    startIso: '2022-05-01',
    endIso: '2022-06-20',
    figures: '−20 % in 11 days from 9 May; −10 % in June; withdrawals halted 12 Jun',
    flows: [
      { ...period('2022-05-09', '2022-05-20'), share: -0.2 },
      { ...period('2022-06-01', '2022-06-12'), share: -0.1 },
    ],
    halts: [{ ...period('2022-06-12', '2022-06-20'), coins: ['BTC', 'USDT', 'USDC'] }],
    dislocations: [],
    tokenMoves: [],
  },
  {
    name: 'FTX 2022',
    outcome: 'failed',
    startIso: '2022-10-25',
    endIso: '2022-11-12',
    figures:
      '37 % ($7.81bn) out 6–11 Nov, of which 25 % in a day; FTT $22 → < $18 on 7 Nov; failed 6 days after the article of 2 Nov (taken as the halt). The days of the flow are not stated: with the 25 % on 8 Nov the cut would come only with the halt',
    flows: [{ ...period('2022-11-06', '2022-11-12'), share: -0.37 }],
    halts: [{ ...period('2022-11-08', '2022-11-12'), coins: ['BTC', 'USDT', 'USDC'] }],
    dislocations: [],
    tokenMoves: [{ ...period('2022-11-07', '2022-11-08'), share: 18 / 22 - 1 }],
  },
  {
    name: 'Binance Dec 2022',
    outcome: 'survived',
    startIso: '2022-12-01',
    endIso: '2022-12-31',
    figures:
      '−$3.66bn of 62.5bn in 7 days; USDC withdrawals paused for hours (days and length not stated: taken as 7–13 Dec, 8 h on the last)',
    flows: [{ ...period('2022-12-07', '2022-12-14'), share: -3.66 / 62.5 }],
    halts: [{ ...period('2022-12-13T08:00', '2022-12-13T16:00'), coins: ['USDC'] }],
    dislocations: [],
    tokenMoves: [],
  },
  {
    name: 'Bybit 2025',
    outcome: 'survived',
    startIso: '2025-02-15',
    endIso: '2025-03-10',
    figures:
      '$16.9 → 11.2bn in two days from 21 Feb, $1.46bn of it stolen; 350k withdrawals in 10 h, none refused; MNT −7.7 %',
    flows: [{ ...period('2025-02-21', '2025-02-23'), share: 11.2 / 16.9 - 1 }],
    halts: [],
    dislocations: [],
    tokenMoves: [{ ...period('2025-02-21', '2025-02-22'), share: -0.077 }],
  },
];
