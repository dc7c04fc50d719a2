/**
 * Identities: branded strings, and client order ids derived from what an order is.
 *
 * A client order id is 32 lower-case hexadecimal digits, which every venue's form admits (OKX: 32 alphanumerics;
 * Bybit: 36; Hyperliquid: 0x + 32 hex). The first eight name the owner, the last four check the rest: so foreign orders are
 * recognised, and among them those of another daemon.
 */
import { createHash } from 'node:crypto';

declare const brand: unique symbol;
type Branded<T, Name extends string> = T & { readonly [brand]: Name };

export type RebalanceId = Branded<string, 'RebalanceId'>;
export type ClientOrderId = Branded<string, 'ClientOrderId'>;
export type LegId = Branded<string, 'LegId'>;
export type VenueId = Branded<string, 'VenueId'>;
export type InstrumentId = Branded<string, 'InstrumentId'>;

export const rebalanceId = (text: string): RebalanceId => text as RebalanceId;
export const legId = (text: string): LegId => text as LegId;
export const venueId = (text: string): VenueId => text as VenueId;

/** `venue|symbol`; an earn product's symbol is `earn:COIN`. */
export const instrumentId = (venue: string, symbol: string): InstrumentId =>
  `${venue}|${symbol}` as InstrumentId;

const digest = (parts: readonly (string | number)[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex');

/** Forty-eight bits that tell one list from another, where a number is all that is kept of it. */
export const fingerprint = (parts: readonly string[]): number =>
  Number.parseInt(digest(parts).slice(0, 12), 16);

/** The eight digits with which every client order id of one installation's portfolio begins. */
export const ownerPrefix = (installation: string, portfolio: string): string =>
  digest(['owner', installation, portfolio]).slice(0, 8);

export type OrderIdentity = {
  readonly installation: string;
  readonly portfolio: string;
  readonly rebalanceId: RebalanceId;
  readonly instrument: InstrumentId;
  readonly slice: number;
  readonly attempt: number;
};

/** The same order always gets the same id, in whichever process, before or after a crash. */
export function clientOrderId(identity: OrderIdentity): ClientOrderId {
  const { installation, portfolio, rebalanceId: id, instrument, slice, attempt } = identity;
  const order = digest(['order', installation, portfolio, id, instrument, slice, attempt]);
  const named = `${ownerPrefix(installation, portfolio)}${order.slice(0, 20)}`;
  return `${named}${checkDigits(named)}` as ClientOrderId;
}

/** What tells an id of this program from any other 32 digits. */
const checkDigits = (named: string): string => digest(['check', named]).slice(0, 4);

/** `rival`: made by this program, for another installation or portfolio. */
export function originOf(id: string | null, prefix: string): 'own' | 'rival' | 'stranger' {
  if (id === null) return 'stranger';
  if (id.startsWith(prefix)) return 'own';
  const isOfOurs = /^[0-9a-f]{32}$/.test(id) && id.endsWith(checkDigits(id.slice(0, 28)));
  return isOfOurs ? 'rival' : 'stranger';
}

/** A client order id that was read back from the database or the venue. */
export const readClientOrderId = (text: string): ClientOrderId => text as ClientOrderId;
