/**
 * What a call of the dialect is: a method and path, who may make it, and a function from the venue and the parameters.
 */

import { findInstrument } from '../core/quotes.ts';
import type { Venue } from '../core/venue.ts';
import { type Parameters, text } from '../http/request.ts';
import type { Permission, World } from '../http/world.ts';
import type { Category } from '../market/market.ts';
import type { Reply } from './reply.ts';

export type CallContext = {
  readonly venue: Venue;
  readonly world: World;
  /** Query of a GET, body of a POST. */
  readonly parameters: Parameters;
  /** Order and execution reads do not show what is younger than this; 0 shows all. */
  readonly lagMs: number;
  /** Every execution is listed twice. */
  readonly repeatRows: boolean;
};

export type Call = {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly permission: Permission;
  readonly answer: (context: CallContext) => Reply;
};

/** True when an instrument is among those that a request names by symbol, base coin and settlement coin. */
export function isNamed(
  venue: Venue,
  parameters: Parameters,
  named: { readonly category: Category; readonly symbol: string },
): boolean {
  const is = (name: string, value: string | undefined) =>
    text(parameters, name) === '' || text(parameters, name) === value;
  const instrument = findInstrument(venue, named.category, named.symbol);
  return (
    named.category === categoryOf(parameters) &&
    is('symbol', named.symbol) &&
    is('baseCoin', instrument?.baseCoin) &&
    (named.category === 'spot' || is('settleCoin', instrument?.quoteCoin))
  );
}

/** The category of a request; undefined for those that the simulator does not list. */
export function categoryOf(parameters: Parameters): Category | undefined {
  const value = text(parameters, 'category');
  return value === 'linear' || value === 'spot' ? value : undefined;
}
