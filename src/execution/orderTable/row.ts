/** The words of the order-life table: kinds of order, local states, what a venue can say, and what is done about it. */
import { compare } from '../../domain/decimal.ts';
import type { OrderRecord, OrderState } from '../../domain/order.ts';

/**
 * `taker`: ioc; `maker`: post-only; `earn`: a subscription or redemption, slow and not cancellable; `transfer`: between wallets
 * of one venue, which some venues give no client id.
 */
export const orderKinds = ['taker', 'maker', 'earn', 'transfer'] as const;
export type OrderKind = (typeof orderKinds)[number];

/** A working order that has filled in part is a state of its own here; its row says `working`. */
export const localStates = [
  'intended',
  'unknown',
  'working',
  'partly',
  'filled',
  'cancelled',
  'rejected',
  'expired',
  'absent',
] as const satisfies readonly (OrderState | 'partly')[];
export type LocalState = (typeof localStates)[number];

export const live: readonly LocalState[] = ['intended', 'unknown', 'working', 'partly'];
export const ended: readonly LocalState[] = [
  'filled',
  'cancelled',
  'rejected',
  'expired',
  'absent',
];

/** What a venue can say, by the question that it answers. */
export const venueAnswers = {
  request: {
    accepted: 'accepted, with its id for it',
    acceptedWithoutId: 'an answer, or an item of a batch, without an id',
    duplicate: 'the client id is taken',
    refused: 'refused, for a reason on the short list',
    notSent: 'nothing: the request never left this machine',
    noAnswer: 'no answer, or one that cannot be read',
  },
  lookUp: {
    rests: 'found, working',
    foundFilled: 'found, filled',
    foundCancelled: 'found, cancelled',
    foundRejected: 'found, rejected',
    foundExpired: 'found, expired',
    notFoundKnown: 'not there, though it acknowledged it or filled some of it',
    forgotten:
      'not there, though it acknowledged it, for longer than it remembers, and proven gone',
    notFoundYet: 'not there, before the settling time is over',
    notFound: 'not there, for all of the settling time',
    movedUnlisted: 'not listed, but its balances have moved as if it were',
    unlistedForHours: 'not listed for hours and never acknowledged, though its balances have moved',
    lookUpFails: 'no answer to the look-up',
  },
  cancel: {
    cancelTaken: 'the cancel is taken',
    cancelGone: 'nothing there to cancel',
    cancelFails: 'no answer to the cancel',
  },
  fills: {
    moreFills: 'more filled than the row has',
    noFills: 'no fills listed yet of what it says has filled',
  },
} as const;

type Answers = typeof venueAnswers;
export type VenueAnswer = { [Question in keyof Answers]: keyof Answers[Question] }[keyof Answers];

/** What follows. `asItStands`: what the state calls for anyway, which the table of steps says. */
export type Act = 'lookUp' | 'book' | 'resend' | 'attempt' | 'refuse' | 'askAgain' | 'asItStands';

/** `lateFill`: after the row had ended; `reappeared`: what was thought never to have arrived; `ambiguous`: nobody can say; `forgotten`: the venue no longer knows it. */
export type Alert = 'lateFill' | 'reappeared' | 'ambiguous' | 'forgotten';

export type Row = {
  readonly kinds: readonly OrderKind[];
  readonly states: readonly LocalState[];
  readonly says: readonly VenueAnswer[];
  /** `same`: it stays what it is. */
  readonly next: LocalState | 'same';
  readonly act: Act;
  readonly alert?: Alert;
  readonly why: string;
};

type Lived = Pick<OrderRecord, 'state' | 'filledBase'>;

export const localStateOf = ({ state, filledBase }: Lived): LocalState =>
  state === 'working' && compare(filledBase, 0) > 0 ? 'partly' : state;

export function kindOf({
  action,
  timeInForce,
}: Pick<OrderRecord, 'action' | 'timeInForce'>): OrderKind {
  if (action === 'transfer') return 'transfer';
  if (timeInForce === 'none') return 'earn';
  return timeInForce === 'postOnly' ? 'maker' : 'taker';
}
