/** Who plays the venues of a world, with which legs and opening balances. */
import type { AimName } from './aims.ts';

/** The worker loads the class of that name. */
type VenueClass = 'bybit' | 'binanceusdm' | 'binance';
export type VenueClasses = Readonly<Record<string, VenueClass>>;

/** Two that speak Bybit; a Bybit and Binance's contracts; a Bybit with savings and a Binance of two wallets. */
export const worldKinds = ['bybit', 'mixed', 'wallets'] as const;
export type WorldKind = (typeof worldKinds)[number];

/** In turn, so that each kind goes with either queue, which alternate. */
const turns: readonly WorldKind[] = ['bybit', 'bybit', 'mixed', 'wallets', 'wallets', 'mixed'];

export const kindOf = (number: number, venues: WorldKind | 'both'): WorldKind =>
  venues === 'both' ? (turns[number % turns.length] as WorldKind) : venues;

const betas = { bybit: 'bybit', mixed: 'binanceusdm', wallets: 'binance' } as const;

export const classesOf = (kind: WorldKind): VenueClasses => ({
  alpha: 'bybit',
  beta: betas[kind],
});

/** Savings are subscribed and redeemed, and coins are moved between wallets. */
export const isSlowWorld = (classes: VenueClasses): boolean =>
  Object.values(classes).includes('binance');

export function aimOf(classes: VenueClasses, exchange: VenueClass): AimName {
  if (exchange === 'binanceusdm') return 'binance';
  if (exchange === 'binance') return 'binanceWallets';
  return isSlowWorld(classes) ? 'bybitSavings' : 'bybit';
}

/**
 * Where wallets are apart neither has what a plan may ask of it, so that they lend to each other; less in all, since it is
 * decisions that make transfers and savings, and orders fill a slot.
 */
export function balancesOf(
  classes: VenueClasses,
  exchange: VenueClass,
): Readonly<Record<string, string>> {
  if (exchange === 'binance') return { USDT: '5000', 'spot:USDT': '11000' };
  return { USDT: isSlowWorld(classes) ? '20000' : '60000' };
}

const outright = ['BTC', 'SOL'];
const carried = ['ETH', 'BTC'];
const lent = ['USDC', 'USDT'];
/** What hardly moves would take most of the book at an equal share of the risk. */
const budgets = { perpetual: 1, carry: 0.2, lending: 0.02 } as const;

/**
 * Five instruments a venue: perpetuals, and where there is a spot market carry pairs, of which one shares its perpetual with a
 * leg of its own; beside them savings, where they are played and orders of them take a client id.
 */
export const legsOf = (classes: VenueClasses) =>
  Object.entries(classes).flatMap(legsAt(isSlowWorld(classes)));

const legsAt =
  (isSlow: boolean) =>
  ([venue, exchange]: [string, VenueClass]) => {
    const budgetOf = (kind: keyof typeof budgets) => (isSlow ? { budget: budgets[kind] } : {});
    return [
      ...[...outright, ...(exchange === 'binanceusdm' ? ['ETH', 'XRP', 'DOGE'] : [])].map(
        (coin) => ({
          id: `${venue}-${coin.toLowerCase()}`,
          kind: 'perpetual',
          venue,
          symbol: `${coin}/USDT:USDT`,
          group: 'outright',
          ...budgetOf('perpetual'),
        }),
      ),
      ...(exchange === 'binanceusdm' ? [] : carried).map((coin) => ({
        id: `${venue}-${coin.toLowerCase()}-carry`,
        kind: 'carry',
        venue,
        spot: `${coin}/USDT`,
        perpetual: `${coin}/USDT:USDT`,
        group: 'carry',
        ...budgetOf('carry'),
      })),
      ...(exchange === 'bybit' && isSlow ? lent : []).map((coin) => ({
        id: `${venue}-${coin.toLowerCase()}-lent`,
        kind: 'lending',
        venue,
        coin,
        group: 'savings',
        ...budgetOf('lending'),
      })),
    ];
  };
