/**
 * The source of options that a config names beside its venues: public, without keys, and only read.
 *
 * Without keys nothing can be written there, so a live one needs no acknowledgement.
 */
import { openVenue } from './adapters/exchange/openVenue.ts';
import type { Config } from './config/schema.ts';
import { venueId } from './domain/ids.ts';
import type { Clock, Ports } from './rebalance/ports.ts';

export type SignalSources = {
  readonly signalSources: NonNullable<Ports['signalSources']>;
  readonly close: () => Promise<void>;
};

/** Opening asks nothing of it; one that does not answer is unknown in each observation. @throws OperatingError for one that cannot be. */
export async function openSignalSources(
  { signals }: Pick<Config, 'signals'>,
  clock: Clock,
): Promise<SignalSources> {
  const { enabled, source } = signals;
  if (!enabled || source === undefined)
    return { signalSources: [], close: () => Promise.resolve() };
  const opened = await openVenue({
    id: venueId(`source-${source.exchange}`),
    exchange: source.exchange,
    environment: source.environment,
    endpoint: source.endpoint ?? null,
    acknowledgeLive: true,
    credentials: null,
    clock,
    chance: Math.random,
  });
  const { id, signals: reader } = opened.reader;
  return {
    signalSources: reader === undefined ? [] : [{ id, signals: reader }],
    close: () => opened.close(),
  };
}
