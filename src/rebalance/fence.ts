/**
 * The no-increase fence, asked before every send.
 *
 * It stands unless the margin watch has found every account calm a moment ago: what lets increases through is a permission that
 * runs out by itself, so that a watch which never ran, or has died, forbids them.
 */
import type { GuardSettings } from './marginWatch.ts';
import type { Ports } from './ports.ts';

type Lasting = Pick<GuardSettings, 'periodMs' | 'leaseWaitMs' | 'permitMs'>;

/** Raised by the margin watch until then: no increase leaves, whatever is permitted. */
export const noIncreaseCursor = (portfolio: string): string => `noIncreaseUntil|${portfolio}`;

/** Increases are permitted until then, where no fence stands; 0, passed, or not there: they are not. */
export const increasesCursor = (portfolio: string): string => `increasesUntil|${portfolio}`;

/** The margin guard asks for the lease until then, to reduce where an account is tight: a plan leaves it. */
export const leaseAskedCursor = (portfolio: string): string => `leaseAskedUntil|${portfolio}`;

const fencePeriods = 3;

const lastingMs = ({ periodMs, leaseWaitMs }: Lasting): number =>
  fencePeriods * periodMs + leaseWaitMs;

export async function raiseFence(ports: Ports, portfolio: string, lasting: Lasting): Promise<void> {
  const untilMs = ports.clock.nowMs() + lastingMs(lasting);
  // The fence first: a look beside this one that found all calm may still write its permission.
  await ports.state.setCursor(noIncreaseCursor(portfolio), untilMs);
  await ports.state.setCursor(increasesCursor(portfolio), 0);
}

/** Before the guard waits for the lease; it asks anew in each period that finds an account tight. */
export async function askForLease(
  ports: Ports,
  portfolio: string,
  lasting: Lasting,
): Promise<void> {
  await ports.state.setCursor(
    leaseAskedCursor(portfolio),
    ports.clock.nowMs() + lastingMs(lasting),
  );
}

/** It has acted: the next plan may begin. */
export async function askNoMore(ports: Ports, portfolio: string): Promise<void> {
  await ports.state.setCursor(leaseAskedCursor(portfolio), 0);
}

/** Not while the fence stands that was raised before, or beside this. */
export async function permitIncreases(
  ports: Ports,
  portfolio: string,
  lasting: Lasting,
): Promise<void> {
  const nowMs = ports.clock.nowMs();
  const isFenced = async () =>
    ((await ports.state.cursor(noIncreaseCursor(portfolio))) ?? 0) > nowMs;
  if (await isFenced()) return;
  const untilMs = nowMs + (lasting.permitMs ?? lastingMs(lasting));
  await ports.state.setCursor(increasesCursor(portfolio), untilMs);
  // What stands only now must not find a permission when it has run out.
  if (await isFenced()) await ports.state.setCursor(increasesCursor(portfolio), 0);
}
