/**
 * The whole state of one simulated account at one exchange, and its making.
 *
 * `live` is what a restart needs and is plain JSON; `journal` is everything that ever happened, append-only; `history`
 * is folded from the journal. Money and quantities are decimal text; time is an argument of every change.
 */
import Big from 'big.js';
import type { Market, RiskTier } from '../market/market.ts';
import type { EarnOrder, JournalEntry, Order } from './entries.ts';
import { emptyHistory, type History, record } from './history.ts';
import type { Shock } from './shocks.ts';

/** Signed base quantity; entryValue is the quote cost of what is open, never negative. */
export type Position = {
  quantity: string;
  entryValue: string;
  realisedCum: string;
  createdMs: number;
  updatedMs: number;
};

export type Stake = {
  amount: string;
  /** Least amount held since the last hourly stamp: what earns at the next one. */
  effective: string;
  /** Accrued, not yet distributed. */
  claimable: string;
  yieldCum: string;
};

/** A funding rate put in the market's place, for settlements after `fromMs` until `untilMs`. */
export type FundingOverride = {
  readonly symbol: string;
  readonly rate: number;
  readonly fromMs: number;
  untilMs: number;
};

export type LiveState = {
  bornMs: number;
  nowMs: number;
  journalLength: number;
  nextId: number;
  /** The one wallet of the account; with separate wallets, that of the contracts. */
  wallets: Record<string, string>;
  /** Of pairs and savings, where wallets are separate; else empty. */
  spotWallets: Record<string, string>;
  realisedCum: Record<string, string>;
  positions: Record<string, Position>;
  /** Insertion order is time priority. */
  openOrders: Record<string, Order>;
  leverages: Record<string, string>;
  marginMode: 'REGULAR_MARGIN' | 'ISOLATED_MARGIN' | 'PORTFOLIO_MARGIN';
  positionMode: 'oneWay' | 'hedge';
  stakes: Record<string, Stake>;
  earnPending: Record<string, EarnOrder>;
  /** Base quantity taken from a side of a generated book, until the book refreshes. */
  taken: Record<string, { quantity: string; atMs: number }>;
  lastMarks: Record<string, number>;
  lastIndices: Record<string, number>;
  /** Those that are over stay: the candles of their time hold them. */
  shocks: Shock[];
  /** Those that are over stay: the settlements of their time were theirs. */
  fundingOverrides: FundingOverride[];
  /** Risk tiers that took the place of the market's, by contract. */
  tiers: Record<string, readonly RiskTier[]>;
  partialFills: { share: number; remaining: number } | null;
  /** When all open orders of a contract are cancelled unless the client puts it off. */
  countdowns: Record<string, number>;
};

export type Settings = {
  /** Share of a positive balance that counts as margin, per coin; a coin not named counts for nothing. */
  readonly collateralRatios: Readonly<Record<string, number>>;
  readonly leverageDefault: string;
  /** Largest distance from the mark at which a limit order may buy above or sell below it. */
  readonly priceBandShare: number;
  readonly openOrdersMax: number;
  /** A side of the generated book that was taken is back after this time. */
  readonly bookRefreshMs: number;
  /** Takers trade through the quantity at the touch in this time. */
  readonly touchTurnoverMs: number;
  /** Whether pairs and contracts draw on one pool, or each has a wallet and coins are moved between them. */
  readonly wallets: 'unified' | 'separate';
  /** Regular expression of a client order id. */
  readonly clientIdPattern: string;
  /** Whether a client order id may be used again once its order is over. */
  readonly clientIdReuse: 'never' | 'whenOver';
  /** What becomes of a post-only order that would take: accepted and cancelled, or never an order. */
  readonly postOnlyTaking: 'cancelled' | 'refused';
};

export const defaultSettings: Settings = {
  collateralRatios: { USDT: 1, USDC: 1, USDE: 0.9, BTC: 0.95, ETH: 0.95, SOL: 0.9, XRP: 0.85 },
  leverageDefault: '10',
  priceBandShare: 0.05,
  openOrdersMax: 500,
  bookRefreshMs: 1000,
  touchTurnoverMs: 10_000,
  wallets: 'unified',
  clientIdPattern: '^[A-Za-z0-9_-]{1,36}$',
  clientIdReuse: 'never',
  postOnlyTaking: 'cancelled',
};

export type Venue = {
  readonly market: Market;
  readonly settings: Settings;
  readonly live: LiveState;
  readonly journal: JournalEntry[];
  readonly history: History;
};

type VenueStart = {
  readonly market: Market;
  readonly settings: Settings;
  /** Opening balances, coin to decimal text, `spot:USDT` for the wallet of pairs where it is apart; each is journalled as a deposit. */
  readonly balances: Readonly<Record<string, string>>;
  readonly nowMs: number;
};

/** A new account: the opening balances, no orders, no positions, one-way mode, cross margin. */
export function createVenue(start: VenueStart): Venue {
  const venue: Venue = {
    market: start.market,
    settings: start.settings,
    live: freshState(start.nowMs),
    journal: [],
    history: emptyHistory(),
  };
  for (const [name, amount] of Object.entries(start.balances)) deposit(venue, name, amount);
  return venue;
}

function freshState(nowMs: number): LiveState {
  return {
    bornMs: nowMs,
    nowMs,
    journalLength: 0,
    nextId: 1,
    wallets: {},
    spotWallets: {},
    realisedCum: {},
    positions: {},
    openOrders: {},
    leverages: {},
    marginMode: 'REGULAR_MARGIN',
    positionMode: 'oneWay',
    stakes: {},
    earnPending: {},
    taken: {},
    lastMarks: {},
    lastIndices: {},
    shocks: [],
    fundingOverrides: [],
    tiers: {},
    partialFills: null,
    countdowns: {},
  };
}

function deposit(venue: Venue, name: string, amount: string): void {
  const coin = name.replace(/^spot:/, '');
  const isApart = coin !== name && venue.settings.wallets === 'separate';
  const wallet = isApart ? venue.live.spotWallets : venue.live.wallets;
  const balanceAfter = new Big(wallet[coin] ?? 0).plus(amount).toFixed();
  wallet[coin] = balanceAfter;
  record(venue, {
    kind: 'balance',
    id: nextId(venue),
    coin,
    ...(isApart ? { wallet: 'spot' } : {}),
    change: amount,
    balanceAfter,
    cause: 'deposit',
    cashFlow: amount,
    fee: '0',
    funding: '0',
  });
}

/** The same account again from its stored state and journal. */
export function restoreVenue(
  market: Market,
  settings: Settings,
  stored: LiveState,
  journal: readonly JournalEntry[],
): Venue {
  // What an earlier version did not store is as in a new account.
  const live = { ...freshState(stored.bornMs), ...stored };
  const venue: Venue = { market, settings, live, journal: [], history: emptyHistory() };
  const length = live.journalLength;
  for (const entry of journal.slice(0, length)) record(venue, entry);
  return venue;
}

/** Ids look like UUIDs, are counted, and carry the account's birth so that no two accounts share one. */
export function nextId(venue: Venue): string {
  const count = venue.live.nextId;
  venue.live.nextId = count + 1;
  return idOf(venue, count);
}

/** The id that a count has in an account. */
export function idOf(venue: Venue, count: number): string {
  const born = Math.floor(venue.live.bornMs / 1000)
    .toString(16)
    .padStart(8, '0')
    .slice(-8);
  return `${born}-0000-4000-8000-${count.toString(16).padStart(12, '0')}`;
}
