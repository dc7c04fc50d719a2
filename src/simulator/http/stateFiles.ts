/**
 * The venue on disk: the live state in one file that is replaced whole, the journal in one that only grows.
 *
 * New journal lines are written first and the state, which says how many of them belong to it, is renamed over the old
 * one last; lines beyond that number are of a change that was never answered, and are cut off at the next start.
 */
import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { JournalEntry } from '../core/entries.ts';
import type { LiveState, Venue } from '../core/venue.ts';
import type { World } from './world.ts';

type Stored = { readonly live: LiveState; readonly world: World };

export type StateFiles = {
  /** Writes what changed since the last call; returns when a restart would see it. */
  readonly save: (venue: Venue, world: World) => void;
  /** Lets go of the journal's file; nothing is saved after. */
  readonly close: () => void;
  readonly loaded: (Stored & { readonly journal: readonly JournalEntry[] }) | null;
};

/** @throws Error when the folder cannot be used or its state cannot be read. */
export function openStateFiles(folder: string): StateFiles {
  mkdirSync(folder, { recursive: true });
  const statePath = join(folder, 'state.json');
  const journalPath = join(folder, 'journal.ndjson');
  const loaded = existsSync(statePath) ? load(statePath, journalPath) : null;
  let written = loaded?.journal.length ?? 0;
  if (loaded === null) writeFileSync(journalPath, '');
  const journalFile = openSync(journalPath, 'a');
  return {
    loaded,
    save: (venue, world) => {
      const fresh = venue.journal.slice(written);
      if (fresh.length > 0)
        appendFileSync(journalFile, fresh.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
      written = venue.journal.length;
      const stored: Stored = { live: venue.live, world };
      writeFileSync(`${statePath}.next`, JSON.stringify(stored));
      renameSync(`${statePath}.next`, statePath);
    },
    close: () => closeSync(journalFile),
  };
}

function load(statePath: string, journalPath: string): NonNullable<StateFiles['loaded']> {
  const stored = JSON.parse(readFileSync(statePath, 'utf8')) as Stored;
  const lines = readFileSync(journalPath, 'utf8').split('\n');
  const kept = lines.slice(0, stored.live.journalLength);
  const journal = kept.map((line) => JSON.parse(line) as JournalEntry);
  if (lines.length > kept.length + 1 || lines.at(-1) !== '')
    writeFileSync(journalPath, kept.map((line) => `${line}\n`).join(''));
  return { ...stored, journal };
}
