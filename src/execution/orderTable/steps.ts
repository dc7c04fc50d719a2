/** What is done next for an order that nobody has just answered about: local state × circumstance → step. */
import { invariant } from '../../math/invariant.ts';
import { ended, type LocalState, type OrderKind, orderKinds } from './row.ts';

/** The first that holds. */
export const circumstances = {
  closingKnown: 'as `closing`, and the venue has given its id for it',
  closing: 'no new request may leave: past the deadline, halted, or stopping',
  impatient: 'a passive order has rested for its time',
  behind: 'a passive order no longer rests at the best price of its side, and may be placed anew',
  unbooked: 'it has filled, and not all of it is in the ledger',
  over: 'nothing is left of it, it was refused, or no new request may leave',
  spent: 'no attempt is left',
  open: 'none of these',
} as const;
export type Circumstance = keyof typeof circumstances;

export type StepKind = 'send' | 'resend' | 'lookUp' | 'cancel' | 'collect' | 'done';

export type StepRow = {
  readonly kinds: readonly OrderKind[];
  /** `none`: nothing is recorded of it. */
  readonly states: readonly (LocalState | 'none')[];
  readonly when: readonly Circumstance[];
  readonly step: StepKind;
  readonly why: string;
};

const always = Object.keys(circumstances) as readonly Circumstance[];
const resting = ['working', 'partly'] as const;
const takingBack: readonly Circumstance[] = ['closing', 'closingKnown', 'impatient', 'behind'];

export const stepTable: readonly StepRow[] = [
  {
    kinds: orderKinds,
    states: ['none'],
    when: ['open'],
    step: 'send',
    why: 'The intent is recorded and committed (`intended`), then the request leaves.',
  },
  {
    kinds: orderKinds,
    states: ['none'],
    when: always.filter((one) => one !== 'open'),
    step: 'done',
    why: 'Nothing is begun.',
  },
  {
    kinds: orderKinds,
    states: ['intended'],
    when: always,
    step: 'lookUp',
    why: 'It may be there: looked up, neither repeated nor cancelled blindly.',
  },
  {
    kinds: ['taker', 'maker'],
    states: ['unknown'],
    when: always.filter((one) => one !== 'closingKnown'),
    step: 'lookUp',
    why: 'As intended: it may be there.',
  },
  {
    kinds: ['taker', 'maker'],
    states: ['unknown'],
    when: ['closingKnown'],
    step: 'cancel',
    why: 'It was there and may rest still: taken back and then looked up, also where no look-up is answered.',
  },
  {
    kinds: ['taker', 'maker'],
    states: resting,
    when: takingBack,
    step: 'cancel',
    why: 'What may not go on, has waited long enough, or rests behind the others is taken back.',
  },
  {
    kinds: ['taker', 'maker'],
    states: resting,
    when: always.filter((one) => !takingBack.includes(one)),
    step: 'lookUp',
    why: 'Followed until it ends.',
  },
  {
    kinds: ['earn', 'transfer'],
    states: ['unknown', ...resting],
    when: always,
    step: 'lookUp',
    why: 'Slow and not cancellable: followed, by whichever process runs then.',
  },
  {
    kinds: orderKinds,
    states: ended,
    when: ['unbooked'],
    step: 'collect',
    why: 'Before anything else of the order: the ledger has what it filled.',
  },
  {
    kinds: orderKinds,
    states: ['absent'],
    when: ['open', 'spent'],
    step: 'resend',
    why: 'Back to `intended`, committed, then the same request under the same id: no attempt is used up.',
  },
  {
    kinds: orderKinds,
    states: ['filled', 'cancelled', 'rejected', 'expired'],
    when: ['open'],
    step: 'send',
    why: 'What is left goes as another attempt, under an id of its own.',
  },
  {
    kinds: orderKinds,
    states: ['filled', 'cancelled', 'rejected', 'expired'],
    when: [...takingBack, 'over', 'spent'],
    step: 'done',
    why: 'The rest stays undone: the next decision sizes it anew.',
  },
  {
    kinds: orderKinds,
    states: ['absent'],
    when: [...takingBack, 'over'],
    step: 'done',
    why: 'It never was there.',
  },
];

export const stepRowsFor = (
  kind: OrderKind,
  state: LocalState | 'none',
  when: Circumstance,
): readonly StepRow[] =>
  stepTable.filter(
    (row) => row.kinds.includes(kind) && row.states.includes(state) && row.when.includes(when),
  );

export function stepFor(kind: OrderKind, state: LocalState | 'none', when: Circumstance): StepKind {
  const [row] = stepRowsFor(kind, state, when);
  invariant(row !== undefined, `the table of steps has a row, was ${kind} ${state} ${when}`);
  return row.step;
}
