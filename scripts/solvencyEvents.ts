/**
 * When each solvency state would have been reached in the labelled events, as a Markdown table.
 *
 * Run: `npx tsx scripts/solvencyEvents.ts`.
 */
import { SOLVENCY_EVENTS } from './solvencyEvents/events.ts';
import { type EventReplay, replayEvent } from './solvencyEvents/replayEvent.ts';

const DAY_MS = 86_400_000;

const hour = (atMs: number | null | undefined): string =>
  atMs === null || atMs === undefined
    ? '–'
    : `${new Date(atMs).toISOString().slice(0, 13).replace('T', ' ')} h`;

function lead(replay: EventReplay): string {
  const { haltedAtMs, firstReached } = replay;
  const warned = firstReached.restrict ?? firstReached.exit;
  if (haltedAtMs === null || warned === undefined) return '–';
  return `${((haltedAtMs - warned.atMs) / DAY_MS).toFixed(1)} d`;
}

function evidenceOf(replay: EventReplay): string {
  const { restrict, exit } = replay.firstReached;
  return [restrict, exit]
    .filter((reached) => reached !== undefined)
    .map((reached) => reached.evidence)
    .join(' → ');
}

const rows = SOLVENCY_EVENTS.map(replayEvent).map((replay) =>
  [
    replay.event.name,
    replay.event.outcome,
    hour(replay.firstReached.watch?.atMs),
    hour(replay.firstReached.restrict?.atMs),
    hour(replay.firstReached.exit?.atMs),
    hour(replay.haltedAtMs),
    lead(replay),
    hour(replay.recoveredAtMs),
    evidenceOf(replay),
    replay.event.figures,
  ].join(' | '),
);

process.stdout.write(
  [
    '| event | outcome | watch | restrict | exit | halt | cut before it | healthy again | evidence | figures |',
    '|---|---|---|---|---|---|---|---|---|---|',
    ...rows.map((row) => `| ${row} |`),
    '',
  ].join('\n'),
);
