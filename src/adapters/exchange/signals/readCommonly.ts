/** A reading that is of hours, and the same for every account: a process reads and parses it once in some seconds. */
import type { Session } from '../session.ts';

const AGE_MS_MAX = 5_000;

/** Each account waits for its own turn, whoever reads. @param what names the reading. @throws OperatingError */
export const readCommonly = <T>(
  session: Session,
  what: string,
  run: () => Promise<T>,
): Promise<T> => {
  const { common, clock } = session;
  return session.read(what, () =>
    common === null
      ? run()
      : common.reads.once(
          `${common.of} ${what}`,
          { nowMs: clock.nowMs(), ageMsMax: AGE_MS_MAX },
          run,
        ),
  );
};
