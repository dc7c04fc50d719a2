/** A scenario told: a calm opening in which the book is built, then what happens, then the verdict that holds for all of them. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Forbidden, type Played, play, type Scene } from './play.ts';
import { openStage, type Script, type Stage, startMs } from './stage.ts';
import { forbiddenIncreases, ledgerDifferences, liquidations } from './verdict.ts';

/** Half a minute where nobody else wants the processor. */
const patienceMs = 300_000;

export type Story = {
  readonly stage: Stage;
  readonly forbidden: Forbidden[];
  readonly failures: Played['failures'][number][];
  /** Goes on to a time from the start of the stage. */
  readonly playTo: (sinceStartMs: number, watchEveryMs?: number) => Promise<void>;
};

/**
 * Plays once and then judges: no liquidation, no increase where a gate forbids it, no failed job, the ledger equal to the journals.
 *
 * @returns the story, filled in before the caller's own tests run.
 */
export function tell(script: Script, happen: (story: Story) => Promise<void>): () => Story {
  let story: Story | null = null;
  const told = (): Story => {
    if (story === null) throw new Error('the story has not begun');
    return story;
  };

  beforeAll(async () => {
    const stage = await openStage(script);
    const forbidden: Forbidden[] = [];
    const failures: Played['failures'][number][] = [];
    story = {
      stage,
      forbidden,
      failures,
      playTo: async (sinceStartMs, watchEveryMs) => {
        const untilMs = startMs + sinceStartMs;
        const scene: Scene = watchEveryMs === undefined ? { untilMs } : { untilMs, watchEveryMs };
        const played = await play(stage, scene);
        forbidden.push(...played.forbidden);
        failures.push(...played.failures);
      },
    };
    await happen(story);
  }, patienceMs);

  afterAll(() => story?.stage.close());

  test('nothing is liquidated', () => {
    expect(liquidations(told().stage)).toBe(0);
  });

  test('nothing grows where a gate forbids it', () => {
    expect(forbiddenIncreases(told().stage, told().forbidden)).toEqual([]);
  });

  test('no job fails', () => {
    expect(told().failures).toEqual([]);
  });

  test('the ledger equals the journals', async () => {
    expect(await ledgerDifferences(told().stage)).toEqual([]);
  });

  return told;
}
