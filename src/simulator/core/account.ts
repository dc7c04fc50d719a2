/**
 * The unified account in numbers: one margin pool over all coins and contracts.
 *
 * Margin balance = sum over coins of (wallet + unrealised) * USD index, positive ones times their collateral ratio.
 * Initial margin of a contract = worst exposure that position and resting orders can reach, at the mark, over leverage.
 * Maintenance by tier at the mark. Available = margin balance - initial margin. Tiers, collateral and the liquidation
 * price are those of the house's one margin model.
 */
import { collateralValueUsd } from '../../margin/collateral.ts';
import { liquidationPriceUsd } from '../../margin/liquidation.ts';
import { initialMarginUsd, maintenanceMarginUsd } from '../../margin/tier.ts';
import type { SimulatedInstrument } from '../market/market.ts';
import type { Order } from './entries.ts';
import { findInstrument, markNow, usdIndexNow } from './quotes.ts';
import { apartUsd, lockedOf } from './spotWallet.ts';
import type { Venue } from './venue.ts';

export type ContractSummary = {
  readonly instrument: SimulatedInstrument;
  readonly quantity: number;
  readonly mark: number;
  readonly averagePrice: number;
  readonly unrealised: number;
  readonly leverage: number;
  readonly positionInitial: number;
  readonly orderInitial: number;
  readonly maintenance: number;
  readonly liquidationPrice: number | null;
};

export type CoinSummary = {
  readonly coin: string;
  readonly wallet: number;
  readonly unrealised: number;
  readonly usdIndex: number;
  readonly collateralRatio: number;
  /** Locked by resting spot orders. */
  readonly locked: number;
  readonly positionInitial: number;
  readonly orderInitial: number;
  readonly maintenance: number;
};

export type AccountSummary = {
  readonly equityUsd: number;
  readonly walletUsd: number;
  readonly unrealisedUsd: number;
  readonly marginBalanceUsd: number;
  readonly initialMarginUsd: number;
  readonly maintenanceMarginUsd: number;
  readonly availableUsd: number;
  /** Worth of what lies in a wallet apart, which is no margin; 0 where there is one wallet. */
  readonly spotUsd: number;
  readonly coins: readonly CoinSummary[];
  readonly contracts: readonly ContractSummary[];
};

/** The account at the venue's time; `extra` is counted as if it rested already. */
export function summarize(venue: Venue, extra?: Order): AccountSummary {
  const orders = Object.values(venue.live.openOrders);
  if (extra !== undefined) orders.push(extra);
  const contracts = contractsOf(venue, orders);
  const coins = coinsOf(venue, orders, contracts);
  let equityUsd = 0;
  let walletUsd = 0;
  let marginBalanceUsd = 0;
  let initialUsd = 0;
  let maintenanceUsd = 0;
  for (const c of coins) {
    const equity = (c.wallet + c.unrealised) * c.usdIndex;
    equityUsd += equity;
    walletUsd += c.wallet * c.usdIndex;
    marginBalanceUsd += collateralValueUsd({
      coin: c.coin,
      quantity: c.wallet + c.unrealised,
      priceUsd: c.usdIndex,
      bands: [{ capQuantity: null, ratio: c.collateralRatio }],
    });
    initialUsd += (c.positionInitial + c.orderInitial) * c.usdIndex;
    maintenanceUsd += c.maintenance * c.usdIndex;
  }
  return {
    equityUsd,
    walletUsd,
    unrealisedUsd: equityUsd - walletUsd,
    marginBalanceUsd,
    initialMarginUsd: initialUsd,
    maintenanceMarginUsd: maintenanceUsd,
    availableUsd: marginBalanceUsd - initialUsd,
    spotUsd: apartUsd(venue),
    coins,
    contracts: contracts.map((contract) => {
      const usdIndex = usdIndexNow(venue, contract.instrument.quoteCoin);
      const own = contract.maintenance * usdIndex;
      const excess = usdIndex > 0 ? (marginBalanceUsd - (maintenanceUsd - own)) / usdIndex : 0;
      return { ...contract, liquidationPrice: liquidationOf(contract, excess) };
    }),
  };
}

/** @param excess margin balance less the maintenance of the other contracts, quote coin, at the marks. */
function liquidationOf(contract: ContractSummary, excess: number): number | null {
  const { quantity, mark, leverage, instrument } = contract;
  if (!(mark > 0)) return null;
  // Profit until now is in the excess, so the position stands as if it were entered at the mark.
  const position = {
    symbol: instrument.symbol,
    quantityBase: quantity,
    entryPriceUsd: mark,
    markPriceUsd: mark,
    leverage,
    tiers: instrument.tiers,
  };
  const account = { mode: 'cross', walletBalanceUsd: excess, positions: [position] } as const;
  return liquidationPriceUsd(account, 0);
}

function contractsOf(venue: Venue, orders: readonly Order[]): ContractSummary[] {
  const symbols = new Set(Object.keys(venue.live.positions));
  for (const order of orders) if (order.category === 'linear') symbols.add(order.symbol);
  const found: ContractSummary[] = [];
  for (const symbol of symbols) {
    const instrument = findInstrument(venue, 'linear', symbol);
    if (instrument !== undefined) found.push(contractOf(venue, instrument, orders));
  }
  return found;
}

function contractOf(
  venue: Venue,
  instrument: SimulatedInstrument,
  orders: readonly Order[],
): ContractSummary {
  const position = venue.live.positions[instrument.symbol];
  const quantity = Number(position?.quantity ?? 0);
  const entryValue = Number(position?.entryValue ?? 0);
  const mark = markNow(venue, instrument);
  const leverage = Number(
    venue.live.leverages[instrument.symbol] ?? venue.settings.leverageDefault,
  );
  let buys = 0;
  let sells = 0;
  for (const order of orders) {
    if (order.category !== 'linear' || order.symbol !== instrument.symbol || order.reduceOnly)
      continue;
    const left = Number(order.quantity) - Number(order.filledQuantity);
    if (order.side === 'Buy') buys += left;
    else sells += left;
  }
  const worst = Math.max(Math.abs(quantity), Math.abs(quantity + buys), Math.abs(quantity - sells));
  return {
    instrument,
    quantity,
    mark,
    averagePrice: quantity === 0 ? 0 : entryValue / Math.abs(quantity),
    unrealised: quantity * mark - Math.sign(quantity) * entryValue,
    leverage,
    positionInitial: initialMarginUsd(Math.abs(quantity) * mark, leverage),
    orderInitial: initialMarginUsd((worst - Math.abs(quantity)) * mark, leverage),
    maintenance: maintenanceMarginUsd(Math.abs(quantity) * mark, instrument.tiers),
    liquidationPrice: null,
  };
}

function coinsOf(
  venue: Venue,
  orders: readonly Order[],
  contracts: readonly ContractSummary[],
): CoinSummary[] {
  const coins = new Set(Object.keys(venue.live.wallets));
  for (const contract of contracts) coins.add(contract.instrument.quoteCoin);
  return [...coins].map((coin) => {
    const own = contracts.filter((contract) => contract.instrument.quoteCoin === coin);
    return {
      coin,
      wallet: Number(venue.live.wallets[coin] ?? 0),
      unrealised: sum(own.map((contract) => contract.unrealised)),
      usdIndex: usdIndexNow(venue, coin),
      collateralRatio: venue.settings.collateralRatios[coin] ?? 0,
      locked: venue.settings.wallets === 'unified' ? lockedOf(venue, orders, coin) : 0,
      positionInitial: sum(own.map((contract) => contract.positionInitial)),
      orderInitial: sum(own.map((contract) => contract.orderInitial)),
      maintenance: sum(own.map((contract) => contract.maintenance)),
    };
  });
}

/** Whether the margin would stand a loss of collateral; without contracts any. */
export function canLose(venue: Venue, lossUsd: number): boolean {
  if (lossUsd === 0) return true;
  const account = summarize(venue);
  return account.initialMarginUsd <= 0 || lossUsd <= account.availableUsd;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
