/** The depeg watch: every stablecoin's price, the median over venues, judged with what was remembered; changes are events. */
import { bookUnitOf } from '../domain/bookUnit.ts';
import type { Policy } from '../domain/policy.ts';
import { requiredSymbols, stablecoinsOf } from '../domain/universe.ts';
import { nextPeg, type PegLimits, type PegMemory } from '../signals/peg.ts';
import { attempt } from './attempt.ts';
import { loadInstruments } from './observeMarket.ts';
import { pegSeenAtMs, readPegMemory, writePegMemory, writePegSeen } from './pegMemory.ts';
import type { Venue } from './ports/venue.ts';
import type { Ports } from './ports.ts';

/** A look that is younger is as good as another. */
const lookEveryMs = 60_000;

/** For whoever decides without a watch beside it, or before its first run; not where somebody looked a moment ago. */
export async function pegsFirst(ports: Ports, policy: Policy, limits: PegLimits): Promise<void> {
  const coins = [...stablecoinsOf(policy)];
  const due = await Promise.all(coins.map((coin) => isDue(ports, policy, coin)));
  if (due.some((one) => one)) await watchPegs(ports, policy, limits);
}

async function isDue(ports: Ports, { portfolio }: Policy, coin: string): Promise<boolean> {
  const seenMs = await pegSeenAtMs(ports, portfolio, coin);
  return seenMs === null || ports.clock.nowMs() - seenMs >= lookEveryMs;
}

/** What has become `exit` is left by `leaveExits`. */
export async function watchPegs(ports: Ports, policy: Policy, limits: PegLimits): Promise<void> {
  const coins = stablecoinsOf(policy);
  const symbols = requiredSymbols(policy);
  const marks = await Promise.all(
    [...ports.venues.values()].map((venue) =>
      marksAt(ports, venue, symbols[venue.reader.id] ?? [], coins),
    ),
  );
  const unit = bookUnitOf(policy.bookUnit, collect(marks, 'USDC'), marksByCoin(marks, coins));
  const known = await Promise.all(
    [...coins].map(async (coin) => {
      const [before, isUnseen] = await Promise.all([
        readPegMemory(ports, policy.portfolio, coin),
        isDue(ports, policy, coin),
      ]);
      return { coin, before, isUnseen };
    }),
  );
  for (const { coin, before, isUnseen } of known) {
    const priceUsd = unit.kind === 'known' ? (unit.usdByCoin[coin] ?? null) : null;
    await noteCoin(ports, policy, { coin, before, priceUsd, limits });
    if (priceUsd !== null && isUnseen) await writePegSeen(ports, policy.portfolio, coin);
  }
}

async function noteCoin(
  ports: Ports,
  { portfolio }: Policy,
  {
    coin,
    before,
    priceUsd,
    limits,
  }: {
    readonly coin: string;
    readonly before: PegMemory | null;
    readonly priceUsd: number | null;
    readonly limits: PegLimits;
  },
): Promise<void> {
  const nowMs = ports.clock.nowMs();
  const after = nextPeg(before, priceUsd, limits, nowMs);
  const from = before?.state ?? 'pegged';
  const isQuiet = from === 'pegged' && after.state === 'pegged';
  const isSame = isQuiet && after.worseSinceMs === (before?.worseSinceMs ?? null);
  if (isSame) return;
  await writePegMemory(ports, portfolio, coin, after);
  if (from === after.state) return;
  const change = { coin, from, to: after.state, priceUsd };
  await ports.state.appendEvent(portfolio, 'pegState', change, nowMs);
  ports.reporter.warn({ event: 'pegState', ...change });
}

type Marks = Readonly<Record<string, number>>;

/** In USDT; a market that does not answer has no say. */
async function marksAt(
  ports: Ports,
  venue: Venue,
  symbols: readonly string[],
  coins: ReadonlySet<string>,
): Promise<Marks> {
  const wanted = symbols.filter((symbol) => coins.has(symbol.split('/')[0] ?? ''));
  const loaded = await attempt(ports, () => loadInstruments(ports, venue, wanted));
  if (loaded.kind === 'unknown') return {};
  const spots = loaded.value.filter(
    (one) => one.kind === 'spot' && one.quoteCoin === 'USDT' && coins.has(one.baseCoin),
  );
  const read = await Promise.all(
    spots.map(async (spot) => {
      const quote = await attempt(ports, () => venue.reader.quote(spot));
      return quote.kind === 'observed' ? [[spot.baseCoin, quote.value.mark] as const] : [];
    }),
  );
  return Object.fromEntries(read.flat());
}

const collect = (marks: readonly Marks[], coin: string): readonly number[] =>
  marks.flatMap((one) => one[coin] ?? []);

const marksByCoin = (marks: readonly Marks[], coins: ReadonlySet<string>) =>
  Object.fromEntries([...coins].map((coin) => [coin, collect(marks, coin)]));
