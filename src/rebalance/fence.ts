/**
 * The no-increase fence, asked before every send.
 *
 * It stands unless the margin watch has found every account calm a moment ago: what lets increases through is a permission that
 * runs out by itself, so that a watch which never ran, or has died, forbids them.
 */
import type { GuardSettings } from './marginWatch.ts';
import type { Ports } from './ports.ts';

type Lasting = Pick<GuardSettings, 'periodMs' | 'leaseWaitMs' | 'permitMs'>;

/** Raised by the margin watch until then: what people are shown. */
export const noIncreaseCursor = (portfolio: string): string => `noIncreaseUntil|${portfolio}`;

/** Increases are permitted until then; 0, passed, or not there: they are not. */
export const increasesCursor = (portfolio: string): string => `increasesUntil|${portfolio}`;

const fencePeriods = 3;

const lastingMs = ({ periodMs, leaseWaitMs }: Lasting): number =>
  fencePeriods * periodMs + leaseWaitMs;

export async function raiseFence(ports: Ports, portfolio: string, lasting: Lasting): Promise<void> {
  // The permission first: it is what a send asks for.
  await ports.state.setCursor(increasesCursor(portfolio), 0);
  const untilMs = ports.clock.nowMs() + lastingMs(lasting);
  await ports.state.setCursor(noIncreaseCursor(portfolio), untilMs);
}

/** Not while the fence stands that was raised before. */
export async function permitIncreases(
  ports: Ports,
  portfolio: string,
  lasting: Lasting,
): Promise<void> {
  const nowMs = ports.clock.nowMs();
  const fencedUntilMs = await ports.state.cursor(noIncreaseCursor(portfolio));
  if (fencedUntilMs !== null && fencedUntilMs > nowMs) return;
  const untilMs = nowMs + (lasting.permitMs ?? lastingMs(lasting));
  await ports.state.setCursor(increasesCursor(portfolio), untilMs);
}
