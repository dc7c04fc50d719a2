/** One attempt at moving coins between wallets, with what its answer says of it. */
import type { DecimalText } from '../../../domain/decimal.ts';
import { OperatingError } from '../../../domain/operatingError.ts';
import type { SendOutcome, WalletTransfer } from '../../../rebalance/ports/venue.ts';
import { sendFault } from '../faults.ts';
import type { Session } from '../session.ts';

/**
 * @param askedAtMs when its sender asked for leave: what the request is signed with.
 * @param run answers the venue's id of the transfer; throws what ccxt throws.
 */
export async function sendTransfer(
  session: Session,
  askedAtMs: number | undefined,
  run: () => Promise<string>,
): Promise<SendOutcome> {
  const options = {
    untilMs: session.writeUntilMs(),
    endpoint: 'account',
    ...(askedAtMs === undefined ? {} : { askedAtMs }),
  } as const;
  try {
    await session.connect();
  } catch (error) {
    if (!(error instanceof OperatingError)) throw error;
    return { kind: 'rejected', code: 'NOT_CONNECTED', message: error.message };
  }
  try {
    const venueOrderId = await session.write('normal', run, options);
    return { kind: 'accepted', venueOrderId };
  } catch (error) {
    return sendFault(error, session.faults);
  }
}

export const noSuchWallet = (session: Session, { from, to }: WalletTransfer): SendOutcome => ({
  kind: 'rejected',
  code: 'NO_SUCH_WALLET',
  message: `${session.exchange} has no way from ${from} to ${to}`,
});

export type Free = Readonly<Record<string, DecimalText>>;
