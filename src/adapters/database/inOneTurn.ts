/**
 * One statement for all that is asked for in one turn.
 *
 * The statement leaves when all that runs now has asked, and all whose answers have arrived by now: what was written and awaited
 * before is in it. A failure is every asker's of the turn, and not the next one's.
 */
import { invariant } from '../../math/invariant.ts';

/** @param answer to all questions of a turn, in their order. */
export function inOneTurn<Question, Answer>(
  answer: (questions: readonly Question[]) => Promise<readonly Answer[]>,
): (question: Question) => Promise<Answer> {
  let asked: Question[] = [];
  let answers: Promise<readonly Answer[]> | null = null;

  const ask = async (): Promise<readonly Answer[]> => {
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
    // Who asks from here on is answered by the next statement.
    const questions = asked;
    asked = [];
    answers = null;
    const found = await answer(questions);
    invariant(found.length === questions.length, `each is answered, was ${found.length}`);
    return found;
  };

  return async (question) => {
    const index = asked.push(question) - 1;
    answers ??= ask();
    return (await answers)[index] as Answer;
  };
}
