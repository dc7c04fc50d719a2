/**
 * Reads one venue's account as the margin guard sees it: the venue's own figures and the model's at the venue's own marks.
 *
 * The worse of the two counts. The venue's marks are what it liquidates on, so no other venue has a say here. Lent coins and
 * coins on their way back are in neither: they are not in the account until they have arrived.
 */
import { type DecimalText, toNumber, zero } from '../domain/decimal.ts';
import type { Instrument } from '../domain/instrument.ts';
import type { Policy } from '../domain/policy.ts';
import { requiredSymbols, stablecoinsOf } from '../domain/universe.ts';
import type { AccountReading } from '../domain/venue.ts';
import { evaluateAccount, type MarginAccount } from '../margin/account.ts';
import { compareMargin, correctedTiers, type MarginDifference } from '../margin/comparison.ts';
import { liquidationMove } from '../margin/distance.ts';
import type { MarginState } from '../margin/guard.ts';
import { collateralRatio, venueLeverage } from '../parity/sizing/capital.ts';
import { modelFigures } from '../parity/sizing/venueMargin.ts';
import { attempt } from './attempt.ts';
import type { Venue } from './ports/venue.ts';
import type { Ports } from './ports.ts';

export type VenueMargin = {
  readonly state: MarginState;
  /** As the venue states it; null: unknown. */
  readonly equityUsd: number | null;
  readonly differences: readonly MarginDifference[];
  /** Signed perpetual and earn positions by symbol; null: unknown. */
  readonly positions: Readonly<Record<string, number>> | null;
};

export async function readMargin(ports: Ports, policy: Policy, venue: Venue): Promise<VenueMargin> {
  const { reader } = venue;
  const symbols = requiredSymbols(policy)[reader.id] ?? [];
  const [account, held, instruments] = await Promise.all([
    attempt(ports, () => reader.account()),
    attempt(ports, () => reader.positions()),
    attempt(ports, () => reader.instruments(symbols)),
  ]);
  const positions = held.kind === 'unknown' ? null : numbersOf(held.value);
  if (account.kind === 'unknown') {
    const state = { kind: 'unknown', reason: account.reason } as const;
    return { state, equityUsd: null, differences: [], positions };
  }
  const model =
    positions === null || instruments.kind === 'unknown'
      ? null
      : await modelAccount(ports, policy, venue, {
          account: account.value,
          positions,
          instruments: instruments.value,
        });
  return { ...judged(policy, account.value, model), equityUsd: account.value.equityUsd, positions };
}

const numbersOf = (positions: Readonly<Record<string, DecimalText>>) =>
  Object.fromEntries(Object.entries(positions).map(([key, base]) => [key, toNumber(base)]));

type Readings = {
  readonly account: AccountReading;
  readonly positions: Readonly<Record<string, number>>;
  readonly instruments: readonly Instrument[];
};

/** The venue's account by the model; null: something that is held has no mark, or is not of the universe. */
async function modelAccount(
  ports: Ports,
  policy: Policy,
  { reader }: Venue,
  { account, positions, instruments }: Readings,
): Promise<MarginAccount | null> {
  const stablecoins = stablecoinsOf(policy);
  const heldOf = ({ kind, symbol, baseCoin }: Instrument): number => {
    if (kind === 'perpetual') return positions[symbol] ?? 0;
    if (kind === 'earn' || stablecoins.has(baseCoin)) return 0;
    return toNumber(account.coins.find((one) => one.coin === baseCoin)?.wallet ?? zero);
  };
  const known = new Set(instruments.map((one) => one.symbol));
  const isForeign = ([symbol, base]: readonly [string, number]) => base !== 0 && !known.has(symbol);
  if (Object.entries(positions).some(isForeign)) return null;
  const held = instruments.filter((one) => heldOf(one) !== 0);
  const marks = await Promise.all(
    held.map((one) => attempt(ports, async () => (await reader.quote(one)).mark)),
  );
  const priced = held.map((instrument, index) => {
    const mark = marks[index];
    const priceUsd = mark?.kind === 'observed' && mark.value > 0 ? mark.value : null;
    return { instrument, quantity: heldOf(instrument), priceUsd };
  });
  if (priced.some((one) => one.priceUsd === null)) return null;
  const leverage = venueLeverage(policy.sizing);
  const coins = priced.filter(({ instrument }) => instrument.kind === 'spot');
  const coinsUsd = coins.reduce((sum, one) => sum + one.quantity * (one.priceUsd ?? 0), 0);
  return {
    mode: 'cross',
    walletBalanceUsd: account.equityUsd - coinsUsd,
    collateral: coins.map(({ instrument, quantity, priceUsd }) => ({
      coin: instrument.baseCoin,
      quantity,
      priceUsd: priceUsd ?? 0,
      bands: [{ capQuantity: null, ratio: collateralRatio(false) }],
    })),
    positions: priced
      .filter(({ instrument }) => instrument.kind === 'perpetual')
      .map(({ instrument, quantity, priceUsd }) => ({
        symbol: instrument.symbol,
        quantityBase: quantity,
        entryPriceUsd: priceUsd ?? 0,
        markPriceUsd: priceUsd ?? 0,
        leverage,
        tiers: instrument.tiers,
      })),
  };
}

function judged(
  policy: Policy,
  account: AccountReading,
  model: MarginAccount | null,
): Pick<VenueMargin, 'state' | 'differences'> {
  const balanceUsd = account.marginBalanceUsd ?? account.equityUsd;
  const own = { equityUsd: balanceUsd, maintenanceUsd: account.maintenanceMarginUsd };
  if (model === null) {
    return { state: { kind: 'known', ...own, distanceShare: 'unknown' }, differences: [] };
  }
  const figures = modelFigures(model);
  const { differences, correction } = compareMargin(
    figures,
    {
      balanceUsd: account.marginBalanceUsd ?? figures.balanceUsd,
      // What is reserved for orders changes from second to second.
      initialMarginUsd: figures.initialMarginUsd,
      maintenanceMarginUsd: own.maintenanceUsd,
      liquidationPrices: account.liquidationPrices,
    },
    policy.limits.marginToleranceShare ?? Number.POSITIVE_INFINITY,
  );
  const worse: MarginAccount = {
    ...model,
    walletBalanceUsd: model.walletBalanceUsd - correction.balanceUsd,
    positions: model.positions.map((position) => ({
      ...position,
      tiers: correctedTiers(position.tiers, correction.maintenanceRatio),
    })),
  };
  const evaluation = evaluateAccount(model);
  return {
    state: {
      kind: 'known',
      equityUsd: Math.min(own.equityUsd, evaluation.equityUsd),
      maintenanceUsd: Math.max(own.maintenanceUsd, evaluation.maintenanceMarginUsd),
      distanceShare: liquidationMove(worse, stablecoinsOf(policy))?.share ?? null,
    },
    differences,
  };
}
