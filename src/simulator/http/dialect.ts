/**
 * What makes the one core speak a venue's language: its terms, its ways that differ, and a desk that answers requests.
 */
import type { Settings } from '../core/venue.ts';
import type { Market } from '../market/market.ts';
import type { Exchange } from './exchange.ts';
import type { TransportFault } from './faults.ts';
import type { Request } from './request.ts';

export type Answered = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Something may have happened that must be on disk before the answer leaves. */
  readonly hasChanged: boolean;
};

export type TurningAway = Extract<TransportFault, { kind: 'rateLimit' | 'ban' }>;

export type Desk = {
  /** Answers one request at the venue's time; the fault may change what is read or refuse what was asked. */
  readonly answer: (
    exchange: Exchange,
    request: Request,
    fault: TransportFault | undefined,
  ) => Answered;
  /** What a client hears that asked too often, before the venue looks at what it asked. */
  readonly turnAway: (exchange: Exchange, fault: TurningAway) => Answered;
};

export type Dialect = {
  readonly name: 'bybit' | 'binance';
  /** The market under the venue's own fees, brackets and minima. */
  readonly marketOf: (market: Market) => Market;
  /** Where the core's ways are another's. */
  readonly settings: Partial<Settings>;
  /** An id of the core as the venue's clients see it; null: as it is. */
  readonly idShown: ((id: string) => string) | null;
  /** One a simulated exchange: it counts what that one was asked. */
  readonly createDesk: () => Desk;
};

/** A page where an API's answer was expected. */
export function pageOf(status: number, text: string): Answered {
  return {
    status,
    headers: { 'Content-Type': 'text/html' },
    body: `<html><body>${text}</body></html>`,
    hasChanged: false,
  };
}
