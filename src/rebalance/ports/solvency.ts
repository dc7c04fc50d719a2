/** What the watch on venues' soundness needs beside the venues: its memory, its feeds, its thresholds. */
import type { VenueId } from '../../domain/ids.ts';
import type { PreviousAssessment } from '../../signals/solvency/assessVenue.ts';
import type { FeedFigures } from '../../signals/solvency/figures.ts';
import type { VenueMemory } from '../../signals/solvency/memory.ts';
import type { VenueOverride } from '../../signals/solvency/override.ts';
import type { SolvencyRules } from '../../signals/solvency/rules.ts';

/** Of one portfolio. Each call throws OperatingError when the database does not answer. */
export type SolvencyStore = {
  /** null: never looked at. */
  memory(venue: VenueId): Promise<{ readonly memory: VenueMemory; readonly atMs: number } | null>;
  recordMemory(venue: VenueId, memory: VenueMemory, atMs: number): Promise<void>;
  /** What the signals said last, apart from any override: hysteresis counts from there. */
  assessed(venue: VenueId): Promise<PreviousAssessment | null>;
  /** @param knownAtMs of the one that the writer knew; null: none. @returns false: not written, another one was meanwhile. */
  recordAssessed(
    venue: VenueId,
    assessed: PreviousAssessment,
    atMs: number,
    knownAtMs: number | null,
  ): Promise<boolean>;
  override(venue: VenueId): Promise<VenueOverride | null>;
  /** Every word that was given is kept; the newest counts. @param override null: the signals alone. */
  recordOverride(venue: VenueId, override: VenueOverride | null, atMs: number): Promise<void>;
  /** That very word counts no more. @returns false: it had ended before. */
  endOverride(venue: VenueId, override: VenueOverride, atMs: number): Promise<boolean>;
};

/** Public data about exchanges. Never throws: what cannot be read is unknown. */
export type SolvencyFeeds = { read(venue: VenueId): Promise<FeedFigures> };

export type SolvencyWatch = {
  readonly portfolio: string;
  readonly store: SolvencyStore;
  readonly feeds: SolvencyFeeds;
  readonly rules: SolvencyRules;
  /** Coins whose markets are compared between venues. */
  readonly coins: readonly string[];
  /** A look older than this is not the watch's own any more: whoever decides looks again. */
  readonly lookAgeMsMax: number;
};
