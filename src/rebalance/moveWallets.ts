/**
 * Moves coins between the wallets of one venue for a decision's orders: recorded before it is sent, followed by the order table,
 * sent again only under the same id when list and balance both say that it never was.
 */
import { type DecimalText, decimal, divide } from '../domain/decimal.ts';
import type { VenueId } from '../domain/ids.ts';
import { isTerminal, type OrderRecord } from '../domain/order.ts';
import { localStateOf } from '../execution/orderTable/row.ts';
import { stepFor } from '../execution/orderTable/steps.ts';
import { walletMove } from '../execution/walletMoves.ts';
import { answerOf, factsOf } from './answerOfSend.ts';
import { attempt } from './attempt.ts';
import { lookUpTransfer } from './followTransfer.ts';
import { noteAnswer } from './noteAnswer.ts';
import type { HeldLease } from './ports/lease.ts';
import type { DecisionRecord } from './ports/stores.ts';
import type { TransferGateway } from './ports/venue.ts';
import type { Ports } from './ports.ts';
import { readTransfer, transferRecord } from './transferRecord.ts';

type Moving = {
  readonly ports: Ports;
  readonly record: DecisionRecord;
  readonly lease: HeldLease;
  /** No new request leaves from then on. */
  readonly deadlineMs: number;
};

/** Venues where a transfer has not settled: none of new risk is sent there; and whether one of them is this decision's own. */
export type Unmoved = { readonly venues: ReadonlySet<VenueId>; readonly isOwnOpen: boolean };

/** Transfers of this decision that are recorded, and those that its orders need, worked until they end or time is up. */
export async function moveWallets(moving: Moving): Promise<Unmoved> {
  const { ports, record } = moving;
  const open = new Set<VenueId>();
  let isOwnOpen = false;
  // One wallet a venue is the rule: no question is asked for nothing.
  if (![...ports.venues.values()].some((one) => one.gateway.transfers !== undefined)) {
    return { venues: open, isOwnOpen };
  }
  const recorded = (await ports.orders.ofRebalance(record.rebalanceId)).filter(
    (one) => one.action === 'transfer',
  );
  const earlier = await earlierOpen(moving);
  for (const [id, { gateway }] of ports.venues) {
    const { transfers } = gateway;
    if (transfers === undefined) continue;
    const own = recorded.filter((one) => one.venue === id);
    // Two of which nobody knows what became would be taken for each other.
    if (own.length === 0 && earlier.has(id)) {
      open.add(id);
      continue;
    }
    // The first record wins: what was wanted then has changed the balances that it was made from.
    const works =
      own.length > 0
        ? own.map((one) => ({ stored: one, isNew: false }))
        : await intend(moving, id, transfers);
    for (const one of works) {
      const { state } = await follow(moving, transfers, one);
      if (isTerminal(state)) continue;
      open.add(id);
      isOwnOpen = true;
    }
  }
  return { venues: open, isOwnOpen };
}

/** Venues where a transfer of another decision has not settled. */
async function earlierOpen({ ports, record }: Moving): Promise<ReadonlySet<VenueId>> {
  const unended = await ports.orders.unended(record.portfolio);
  const others = unended.filter((one) => one.rebalanceId !== record.rebalanceId);
  return new Set(others.filter((one) => one.action === 'transfer').map((one) => one.venue));
}

/** `isNew`: recorded a moment ago by this run, which holds the lease: nobody has sent it. */
type Intended = { readonly stored: OrderRecord; readonly isNew: boolean };

/** Records what the orders need and the config allows, unless it is too late for anything new. */
async function intend(
  { ports, record, lease, deadlineMs }: Moving,
  venue: VenueId,
  transfers: TransferGateway,
): Promise<readonly Intended[]> {
  const { decision, snapshot, policy } = record;
  const mostUsd = policy.limits.walletMoveUsdMax ?? 0;
  if (decision.kind !== 'trade' || mostUsd <= 0 || snapshot.unit.kind === 'unknown') return [];
  if (ports.clock.nowMs() >= deadlineMs || ports.stopping?.aborted === true) return [];
  if ((await ports.state.halt(policy.portfolio)).halted) return [];
  const orders = decision.orders
    .filter((order) => order.venue === venue)
    .flatMap((order) => {
      const seen = snapshot.instruments.find((one) => one.instrument.id === order.instrument);
      return seen === undefined ? [] : [{ order, instrument: seen.instrument }];
    });
  const coins = new Set(
    orders.map(({ order, instrument }) =>
      order.action === 'subscribe' ? instrument.baseCoin : instrument.quoteCoin,
    ),
  );
  const leverage = Math.max(1, policy.sizing.grossLeverageMax);
  const intended: Intended[] = [];
  for (const coin of coins) {
    const coinUsd = snapshot.unit.usdByCoin[coin];
    if (coinUsd === undefined || !(coinUsd > 0)) continue;
    const free = await attempt(ports, () => transfers.free(coin));
    if (free.kind === 'unknown') continue;
    const most: DecimalText = divide(decimal(mostUsd), decimal(coinUsd));
    const move = walletMove({ coin, orders, free: free.value, leverage, most });
    const fromFree = move === null ? undefined : free.value[move.from];
    if (move === null || fromFree === undefined) continue;
    if (!(await lease.isHeld())) break;
    const at = { record, venue, nowMs: ports.clock.nowMs() };
    const stored = await ports.orders.intend(transferRecord(at, { ...move, fromFree }));
    intended.push({ stored, isNew: stored.intendedAtMs === at.nowMs });
  }
  return intended;
}

/** One step after another, by the tables, until it has ended or nothing more may be waited for. */
async function follow(
  { ports, record, lease, deadlineMs }: Moving,
  transfers: TransferGateway,
  first: Intended,
): Promise<OrderRecord> {
  const { settlingMs, pollMs, attemptsMax } = record.policy.execution;
  const giveUpMs = ports.clock.nowMs() + 3 * settlingMs;
  let current = first.stored;
  let { isNew } = first;
  let absentSinceMs: number | null = null;
  let unlistedSinceMs: number | null = null;
  for (let requests = 0; ; ) {
    const nowMs = ports.clock.nowMs();
    const hasEnded = isTerminal(current.state) && current.state !== 'absent';
    if (hasEnded || !(await lease.isHeld())) return current;
    const { halted } = await ports.state.halt(record.policy.portfolio);
    const isClosing = nowMs >= deadlineMs || ports.stopping?.aborted === true || halted;
    const isSpent = requests >= attemptsMax;
    const when = isClosing || isSpent ? 'over' : 'open';
    const isFirst = isNew && !isClosing;
    const step = isFirst ? 'send' : stepFor('transfer', localStateOf(current), when);
    if (step === 'send' || step === 'resend') {
      requests += 1;
      isNew = false;
      absentSinceMs = null;
      unlistedSinceMs = null;
      current = await request({ ports, lease, pollMs }, transfers, current);
      continue;
    }
    isNew = false;
    if (step === 'done') return current;
    const sinceSentMs = nowMs - (current.sentAtMs ?? current.intendedAtMs);
    const hasBeen = (sinceMs: number | null) => sinceMs !== null && nowMs - sinceMs >= settlingMs;
    const { answer, facts } = await lookUpTransfer(
      { gateway: transfers, orders: ports.orders },
      current,
      {
        sinceSentMs,
        isSettled: hasBeen(absentSinceMs) && sinceSentMs >= settlingMs + transfers.lateMsMax,
        isOver: isClosing && hasBeen(unlistedSinceMs),
      },
    );
    const isUnlisted = answer === 'notFoundYet' || answer === 'movedUnlisted';
    absentSinceMs = answer === 'notFoundYet' ? (absentSinceMs ?? nowMs) : null;
    unlistedSinceMs = isUnlisted ? (unlistedSinceMs ?? nowMs) : null;
    const noted = await noteAnswer(ports, current, answer, facts);
    current = noted.record;
    if (isTerminal(current.state)) continue;
    if (nowMs >= giveUpMs) return current;
    await ports.clock.sleep(pollMs);
  }
}

/** Asks for leave once the row is written, then sends: what is signed carries the moment before it was asked. */
async function request(
  { ports, lease, pollMs }: Pick<Moving, 'ports' | 'lease'> & { readonly pollMs: number },
  transfers: TransferGateway,
  record: OrderRecord,
): Promise<OrderRecord> {
  const { coin, amount, from, to } = readTransfer(record);
  const sentAtMs = ports.clock.nowMs();
  let current = record;
  if (record.state === 'absent') {
    const again = { state: 'intended', sentAtMs, endedAtMs: null } as const;
    const updated = await ports.orders.update(record.clientOrderId, again, record);
    if (!updated.isWritten) return updated.record;
    current = updated.record;
  }
  const askedAtMs = ports.clock.nowMs();
  if (!(await lease.isHeld())) return current;
  const outcome = await transfers.send(current, { coin, amount, from, to }, askedAtMs);
  const facts = { sentAtMs, ...factsOf(outcome, ports.clock.nowMs()) };
  const noted = await noteAnswer(ports, current, answerOf(outcome), facts);
  ports.reporter.event({
    event: 'transferSent',
    rebalanceId: record.rebalanceId,
    venue: record.venue,
    coin,
    amount,
    from,
    to,
    outcome: outcome.kind,
  });
  // It waits for its turn: another try at once would find the same.
  if (noted.act === 'resend') await ports.clock.sleep(pollMs);
  return noted.record;
}
