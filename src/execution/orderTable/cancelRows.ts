/** What the answer to a cancel does to an order. A replacement is a cancel and another attempt: an amend whose answer is lost would be two orders under one id. */
import { ended, live, orderKinds, type Row } from './row.ts';

export const cancelRows: readonly Row[] = [
  {
    kinds: ['taker', 'maker'],
    states: live,
    says: ['cancelTaken', 'cancelGone'],
    next: 'same',
    act: 'lookUp',
    why: 'Neither says what filled meanwhile: filled while cancelling is expected, and read from a look-up.',
  },
  {
    kinds: ['taker', 'maker'],
    states: ['intended', 'working', 'partly'],
    says: ['cancelFails'],
    next: 'same',
    act: 'askAgain',
    why: 'It may have been taken or not; asking twice changes nothing.',
  },
  {
    kinds: ['taker', 'maker'],
    states: ['unknown'],
    says: ['cancelFails'],
    next: 'same',
    act: 'lookUp',
    why: 'Nobody knows what it is: whichever of the two questions is answered moves it.',
  },
  {
    kinds: ['earn', 'transfer'],
    states: live,
    says: ['cancelTaken', 'cancelGone', 'cancelFails'],
    next: 'same',
    act: 'lookUp',
    why: 'Never asked: these cannot be cancelled, only followed.',
  },
  {
    kinds: orderKinds,
    states: ended,
    says: ['cancelTaken', 'cancelGone', 'cancelFails'],
    next: 'same',
    act: 'asItStands',
    why: 'It had ended before.',
  },
];
