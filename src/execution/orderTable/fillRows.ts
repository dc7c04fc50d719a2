/** What a venue’s list of fills does to an order; a look-up that shows more filled counts as one, before its state is taken. */
import { ended, live, orderKinds, type Row } from './row.ts';

export const fillRows: readonly Row[] = [
  {
    kinds: orderKinds,
    states: ['intended', 'unknown'],
    says: ['moreFills'],
    next: 'unknown',
    act: 'book',
    why: 'A fill proves that it is there, and says nothing about the rest.',
  },
  {
    kinds: orderKinds,
    states: ['working', 'partly'],
    says: ['moreFills'],
    next: 'partly',
    act: 'book',
    why: 'What is known to be filled only grows.',
  },
  {
    kinds: orderKinds,
    states: ['filled', 'cancelled', 'expired'],
    says: ['moreFills'],
    next: 'same',
    act: 'book',
    alert: 'lateFill',
    why: 'A fill after the end: the row is corrected, the fill booked to the order and its legs, a person told.',
  },
  {
    kinds: orderKinds,
    states: ['rejected', 'absent'],
    says: ['moreFills'],
    next: 'unknown',
    act: 'book',
    alert: 'lateFill',
    why: 'What was thought never to be there has filled: it is opened again, since more of it may rest.',
  },
  {
    kinds: orderKinds,
    states: live,
    says: ['noFills'],
    next: 'same',
    act: 'lookUp',
    why: 'The list lags; it is read again as the order goes on.',
  },
  {
    kinds: orderKinds,
    states: ended,
    says: ['noFills'],
    next: 'same',
    act: 'book',
    why: 'The list lags: read again until all of it is in the ledger.',
  },
];
