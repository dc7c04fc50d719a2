/**
 * Requests a second, per path, by the machine's clock: the limits and the headers that tell of them.
 */
const requestsPerSecondMax = 2000;

export type RateWindow = {
  /** Counts a request; false when the second has no room left. */
  readonly pass: (path: string) => boolean;
  /** @param nowMs time that the venue shows: the reset is told in it. */
  readonly headers: (path: string, nowMs: number) => Readonly<Record<string, string>>;
};

export function createRateWindow(): RateWindow {
  let second = 0;
  let counts = new Map<string, number>();
  const roll = () => {
    const now = Math.floor(Date.now() / 1000);
    if (now !== second) {
      second = now;
      counts = new Map();
    }
  };
  return {
    pass: (path) => {
      roll();
      const count = (counts.get(path) ?? 0) + 1;
      counts.set(path, count);
      return count <= requestsPerSecondMax;
    },
    headers: (path, nowMs) => ({
      'X-Bapi-Limit': String(requestsPerSecondMax),
      'X-Bapi-Limit-Status': String(Math.max(0, requestsPerSecondMax - (counts.get(path) ?? 0))),
      'X-Bapi-Limit-Reset-Timestamp': String(nowMs + 1000 - (Date.now() % 1000)),
    }),
  };
}
