/**
 * What a call of the dialect is: a method and path, who may make it, what it weighs, and a function from venue and parameters.
 */
import { findInstrument } from '../core/quotes.ts';
import type { Venue } from '../core/venue.ts';
import { type Parameters, text } from '../http/request.ts';
import type { Permission, World } from '../http/world.ts';
import type { Category, SimulatedInstrument } from '../market/market.ts';
import type { Reply } from './reply.ts';

export type CallContext = {
  readonly venue: Venue;
  readonly world: World;
  /** Query and form body together. */
  readonly parameters: Parameters;
  /** Order and trade reads do not show what is younger than this; 0 shows all. */
  readonly lagMs: number;
  /** Every trade is listed twice. */
  readonly repeatRows: boolean;
};

export type Call = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly permission: Permission;
  readonly weight: number;
  /** Orders that it may place: what the order counts count. */
  readonly orders?: number;
  readonly answer: (context: CallContext) => Reply;
};

/** The instrument that a request names by `symbol`. */
export function named(
  { venue, parameters }: Pick<CallContext, 'venue' | 'parameters'>,
  category: Category,
): SimulatedInstrument | undefined {
  return findInstrument(venue, category, text(parameters, 'symbol'));
}
