/**
 * The margin watch: reads every account, finds its rung on the guard's ladder, and raises the no-increase fence where one is on it.
 *
 * Reads only, without the lease. Where every account is calm, and the fence has run out, it permits increases for a while; both times
 * outlast failed runs and the time that the guard may wait for the lease.
 */
import { fingerprint, type VenueId } from '../domain/ids.ts';
import type { Policy } from '../domain/policy.ts';
import {
  type GuardLimits,
  type GuardMemory,
  type GuardRung,
  isAtLeast,
  type MarginState,
  marginRatioOf,
  nextRung,
  rungNow,
} from '../margin/guard.ts';
import { permitIncreases, raiseFence } from './fence.ts';
import { readGuardMemory, writeGuardMemory } from './guardMemory.ts';
import type { Venue } from './ports/venue.ts';
import type { Ports } from './ports.ts';
import { readMargin, type VenueMargin } from './readMargin.ts';

export type GuardSettings = {
  readonly limits: GuardLimits;
  readonly periodMs: number;
  /** How long the guard waits for the lease in one run. */
  readonly leaseWaitMs: number;
  /** How long one look permits increases; not there: a few periods. */
  readonly permitMs?: number;
};

export type MarginReading = {
  readonly venue: VenueId;
  readonly equityUsd: number | null;
  /** Maintenance ÷ equity after haircuts, the worse of venue and model; null: unknown, or no equity. */
  readonly marginRatio: number | null;
  readonly level: GuardRung;
  /** Smallest move that liquidates; null: none does, or unknown. */
  readonly distanceShare: number | null;
};

export type GuardReading = MarginReading & {
  readonly margin: VenueMargin;
  /** The rung of this reading alone: orders go by it, so that a book that was brought down is not traded at again. */
  readonly acute: GuardRung;
};

export async function watchMargin(
  ports: Ports,
  policy: Policy,
  settings: GuardSettings,
): Promise<readonly GuardReading[]> {
  const readings = await Promise.all(
    [...ports.venues.values()].map((venue) => watchVenue(ports, policy, venue, settings.limits)),
  );
  if (readings.some((reading) => isAtLeast(reading.level, 'noIncrease'))) {
    await raiseFence(ports, policy.portfolio, settings);
  } else {
    await permitIncreases(ports, policy.portfolio, settings);
  }
  return readings;
}

async function watchVenue(
  ports: Ports,
  policy: Policy,
  venue: Venue,
  limits: GuardLimits,
): Promise<GuardReading> {
  const { id } = venue.reader;
  const [margin, memory, differed] = await Promise.all([
    readMargin(ports, policy, venue),
    readGuardMemory(ports, policy.portfolio, id),
    ports.state.cursor(differsCursor(policy, id)),
  ]);
  const next = nextRung(memory, margin.state, limits, ports.clock.nowMs());
  const reading = readingOf(id, margin, next, rungNow(margin.state, limits));
  await noteStep(ports, policy, reading, memory, next);
  await noteDifferences(ports, policy, reading, differed ?? 0);
  return reading;
}

function readingOf(
  venue: VenueId,
  margin: VenueMargin,
  { rung }: GuardMemory,
  acute: GuardRung,
): GuardReading {
  const { state, equityUsd } = margin;
  const distance = state.kind === 'known' ? state.distanceShare : null;
  return {
    venue,
    equityUsd,
    marginRatio: ratioOf(state),
    level: rung,
    distanceShare: distance === 'unknown' ? null : distance,
    margin,
    acute,
  };
}

const ratioOf = (state: MarginState): number | null =>
  state.kind === 'unknown' ? null : marginRatioOf(state.maintenanceUsd, state.equityUsd);

/** Calm that stays calm is not written down; every step up or down is, and told. */
async function noteStep(
  ports: Ports,
  policy: Policy,
  reading: GuardReading,
  before: GuardMemory | null,
  after: GuardMemory,
): Promise<void> {
  const { venue, marginRatio, distanceShare, margin } = reading;
  const from = before?.rung ?? 'calm';
  if (from === 'calm' && after.rung === 'calm') return;
  await writeGuardMemory(ports, policy.portfolio, venue, after);
  if (from === after.rung) return;
  const reason = margin.state.kind === 'unknown' ? margin.state.reason : null;
  const step = { venue, from, to: after.rung, marginRatio, distanceShare, reason };
  await ports.state.appendEvent(policy.portfolio, 'guardStep', step, ports.clock.nowMs());
  ports.reporter.warn({ event: 'guardStep', ...step });
}

/** Keeps the figures that differed when it was last told: their fingerprint; 0: none did. */
const differsCursor = ({ portfolio }: Policy, venue: VenueId): string =>
  `marginDiffers|${portfolio}|${venue}`;

/** Told when they begin, when other figures differ than before, and when they end. */
async function noteDifferences(
  ports: Ports,
  policy: Policy,
  { venue, margin }: GuardReading,
  before: number,
): Promise<void> {
  const { differences } = margin;
  const figures = differences.map((one) => one.figure).toSorted();
  const now = figures.length === 0 ? 0 : fingerprint(figures);
  if (before === now || margin.state.kind === 'unknown') return;
  const nowMs = ports.clock.nowMs();
  await ports.state.setCursor(differsCursor(policy, venue), now);
  await ports.state.appendEvent(policy.portfolio, 'marginDiffers', { venue, differences }, nowMs);
  ports.reporter.warn({ event: 'marginDiffers', venue, differences });
}
