/**
 * Readings that are the same for every account of an exchange, read once for all portfolios of a process: its markets, and
 * what is published of them beside prices.
 *
 * A reading serves until its age; those who ask while it is under way wait for it. One that failed serves nobody later.
 */

export type CommonReads = {
  /** @param key the exchange, its environment and endpoint, and what is read. @param nowMs our time. */
  once<T>(
    key: string,
    age: { readonly nowMs: number; readonly ageMsMax: number },
    read: () => Promise<T>,
  ): Promise<T>;
};

/** @param keptMax readings; the oldest go first. */
export function createCommonReads(keptMax = 500): CommonReads {
  const kept = new Map<string, { readonly reading: Promise<unknown>; readonly atMs: number }>();
  return {
    once: async <T>(
      key: string,
      { nowMs, ageMsMax }: { readonly nowMs: number; readonly ageMsMax: number },
      read: () => Promise<T>,
    ): Promise<T> => {
      const known = kept.get(key);
      const ageMs = nowMs - (known?.atMs ?? Number.NEGATIVE_INFINITY);
      // A key names one reading, so what it holds is of one type.
      if (known !== undefined && ageMs >= 0 && ageMs <= ageMsMax) return (await known.reading) as T;
      const reading = read();
      const own = { reading, atMs: nowMs };
      kept.delete(key);
      kept.set(key, own);
      for (const oldest of kept.keys()) {
        if (kept.size <= keptMax) break;
        kept.delete(oldest);
      }
      try {
        return await reading;
      } catch (error) {
        if (kept.get(key) === own) kept.delete(key);
        throw error;
      }
    },
  };
}
