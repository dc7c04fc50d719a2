/** A problem for `margin` (contract 2.3): checked in one pass, every fault with its path and what was found. */
import type { MarginAccount, MarginPosition } from '../margin/account.ts';
import type { Moves } from '../margin/stress.ts';
import {
  completeTiers,
  MARGIN_VENUES,
  type MarginVenue,
  type StatedTier,
  tierFaults,
} from '../margin/tier.ts';
import {
  type Bounds,
  describe,
  describeBounds,
  type Fault,
  type InvalidProblem,
  invalid,
  isRecord,
  isWithin,
  must,
  pick,
} from './faults.ts';

export type MarginProblem = {
  readonly kind: 'margin';
  readonly account: MarginAccount;
  readonly shocks: readonly Moves[];
};

const MONEY_MAX = 1e18;
const LIST_MAX = 10_000;

const money = { min: -MONEY_MAX, max: MONEY_MAX };
const price = { above: 0, max: MONEY_MAX };
const share = { min: 0, max: 1 };

const positionNumbers = {
  quantityBase: money,
  entryPriceUsd: price,
  markPriceUsd: price,
  leverage: { above: 0, max: 10_000 },
} as const;
const positionOptions = { isolatedMarginUsd: { min: 0, max: MONEY_MAX }, feeRate: share } as const;
const tierNumbers = { floorUsd: { min: 0, max: MONEY_MAX }, maintenanceMarginRate: share } as const;
const tierOptions = {
  deductionUsd: { min: 0, max: MONEY_MAX },
  leverageMax: { above: 0, max: 10_000 },
} as const;

/** @param problem contract 2.3, unchecked. */
export function parseMarginProblem(problem: unknown): MarginProblem | InvalidProblem {
  if (!isRecord(problem)) return invalid([{ path: '', message: must('be an object', problem) }]);
  const faults: Fault[] = [];
  refuseOthers('', problem, ['venue', 'mode', 'walletBalanceUsd', 'positions', 'shocks'], faults);
  const venue = pick('venue', problem['venue'], MARGIN_VENUES, faults);
  const mode = pick('mode', problem['mode'], ['cross', 'isolated'] as const, faults);
  const { walletBalanceUsd } = readNumbers('', problem, { walletBalanceUsd: money }, {}, faults);
  const positions = readList('positions', problem['positions'], faults).map((item, i) =>
    readPosition(`positions[${i}]`, item, venue ?? 'generic', faults),
  );
  const seen = new Set<string>();
  for (const [i, position] of positions.entries()) {
    if (mode === 'cross' && position !== null && seen.has(position.symbol)) {
      const message = must('appear once: positions are one-way', position.symbol);
      faults.push({ path: `positions[${i}].symbol`, message });
    }
    if (position !== null) seen.add(position.symbol);
  }
  const shocks = readList('shocks', problem['shocks'] ?? [], faults).map((item, i) =>
    readShock(`shocks[${i}]`, item, faults),
  );
  if (faults.length > 0 || mode === null || walletBalanceUsd === undefined) return invalid(faults);
  const held = positions.filter((position) => position !== null);
  return { kind: 'margin', account: { mode, walletBalanceUsd, positions: held }, shocks };
}

function readPosition(
  path: string,
  item: unknown,
  venue: MarginVenue,
  faults: Fault[],
): MarginPosition | null {
  if (!isRecord(item)) {
    faults.push({ path, message: must('be an object', item) });
    return null;
  }
  const names = Object.keys({ ...positionNumbers, ...positionOptions });
  refuseOthers(path, item, ['symbol', 'tiers', ...names], faults);
  const numbers = readNumbers(path, item, positionNumbers, positionOptions, faults);
  const tiers = readTiers(`${path}.tiers`, item['tiers'], faults);
  const { symbol } = item;
  if (typeof symbol !== 'string' || symbol === '') {
    faults.push({ path: `${path}.symbol`, message: must('be a name', symbol) });
    return null;
  }
  const { quantityBase, entryPriceUsd, markPriceUsd, leverage } = numbers;
  if (
    tiers === null ||
    quantityBase === undefined ||
    entryPriceUsd === undefined ||
    markPriceUsd === undefined ||
    leverage === undefined
  ) {
    return null;
  }
  return {
    symbol,
    quantityBase,
    entryPriceUsd,
    markPriceUsd,
    leverage,
    isolatedMarginUsd: numbers.isolatedMarginUsd,
    feeRate: numbers.feeRate,
    tiers: completeTiers(venue, tiers),
  };
}

/** null after a fault. */
function readTiers(path: string, value: unknown, faults: Fault[]): readonly StatedTier[] | null {
  const before = faults.length;
  const rows = readList(path, value, faults);
  if (rows.length === 0 && faults.length === before) {
    faults.push({ path, message: must('hold at least one tier', value) });
  }
  const tiers: StatedTier[] = [];
  for (const [i, row] of rows.entries()) {
    const at = `${path}[${i}]`;
    if (!isRecord(row)) {
      faults.push({ path: at, message: must('be an object', row) });
      continue;
    }
    const names = Object.keys({ ...tierNumbers, ...tierOptions });
    refuseOthers(at, row, ['capUsd', ...names], faults);
    const { floorUsd, maintenanceMarginRate, ...options } = readNumbers(
      at,
      row,
      tierNumbers,
      tierOptions,
      faults,
    );
    const { capUsd } = row;
    if (capUsd !== null && !isWithin(capUsd, price)) {
      faults.push({
        path: `${at}.capUsd`,
        message: must(`be null or ${describeBounds(price)}`, capUsd),
      });
    } else if (floorUsd !== undefined && maintenanceMarginRate !== undefined) {
      tiers.push({ floorUsd, capUsd, maintenanceMarginRate, ...options });
    }
  }
  if (faults.length > before) return null;
  for (const { index, field, fault } of tierFaults(tiers)) {
    faults.push({ path: `${path}[${index}].${field}`, message: fault });
  }
  return faults.length > before ? null : tiers;
}

function readShock(path: string, item: unknown, faults: Fault[]): Moves {
  if (!isRecord(item)) {
    faults.push({ path, message: must('be an object of moves by symbol', item) });
    return {};
  }
  const bounds = Object.fromEntries(Object.keys(item).map((key) => [key, { min: -1, max: 1e6 }]));
  return readNumbers(path, item, bounds, {}, faults) as Moves;
}

function readList(path: string, value: unknown, faults: Fault[]): readonly unknown[] {
  if (Array.isArray(value) && value.length <= LIST_MAX) return value as readonly unknown[];
  const found = Array.isArray(value) ? `a list of ${value.length}` : describe(value);
  faults.push({ path, message: `must be a list of at most ${LIST_MAX}, was ${found}` });
  return [];
}

/** The numbers that are right, by name; a fault for each that is wrong, or missing where it is not optional. */
function readNumbers<Name extends string, Option extends string>(
  path: string,
  record: Readonly<Record<string, unknown>>,
  required: Readonly<Record<Name, Bounds>>,
  optional: Readonly<Record<Option, Bounds>>,
  faults: Fault[],
): Partial<Record<Name | Option, number>> {
  const read: Partial<Record<Name | Option, number>> = {};
  const all = { ...optional, ...required } as Readonly<Record<Name | Option, Bounds>>;
  for (const name of Object.keys(all) as (Name | Option)[]) {
    const value = record[name];
    if (value === undefined && !Object.hasOwn(required, name)) continue;
    if (isWithin(value, all[name])) read[name] = value;
    else faults.push({ path: join(path, name), message: must(describeBounds(all[name]), value) });
  }
  return read;
}

function refuseOthers(
  path: string,
  record: Readonly<Record<string, unknown>>,
  known: readonly string[],
  faults: Fault[],
): void {
  for (const key of Object.keys(record)) {
    if (known.includes(key)) continue;
    faults.push({ path: join(path, key), message: must(`be one of ${known.join(', ')}`, key) });
  }
}

const join = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);
