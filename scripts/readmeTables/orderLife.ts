/** The README's tables of an order's life: what a venue says and what follows, and what is done next. */
import { orderTable } from '../../src/execution/orderTable/nextState.ts';
import {
  ended,
  type LocalState,
  live,
  localStates,
  orderKinds,
  type VenueAnswer,
  venueAnswers,
} from '../../src/execution/orderTable/row.ts';
import { circumstances, stepTable } from '../../src/execution/orderTable/steps.ts';

const meaning: Readonly<Record<VenueAnswer, string>> = {
  ...venueAnswers.request,
  ...venueAnswers.lookUp,
  ...venueAnswers.cancel,
  ...venueAnswers.fills,
};

const acts = {
  lookUp: 'look it up',
  book: 'book its fills',
  resend: 'send it again, the same id',
  attempt: 'book its fills; the rest as another attempt',
  refuse: 'no attempt more',
  askAgain: 'ask to cancel again',
  asItStands: 'as its state says',
} as const;

const isSame = (some: readonly string[], all: readonly string[]): boolean =>
  some.length === all.length && all.every((one) => some.includes(one));

const kindsText = (kinds: readonly string[]): string =>
  isSame(kinds, orderKinds) ? 'all' : kinds.join(', ');

/** All that a question can be answered with goes by the question’s name. */
function saysText(says: readonly VenueAnswer[]): string {
  const questions = { request: 'request', lookUp: 'look-up', cancel: 'cancel', fills: 'fills' };
  for (const [question, name] of Object.entries(questions)) {
    const all = Object.keys(venueAnswers[question as keyof typeof venueAnswers]);
    if (isSame(says, all)) return `whatever, to the ${name}`;
  }
  return says.map((one) => meaning[one]).join('; or ');
}

function statesText(states: readonly string[]): string {
  if (isSame(states, live)) return 'any that lives';
  if (isSame(states, ended)) return 'any that has ended';
  return isSame(states, localStates) ? 'any' : states.join(', ');
}

const nextText = (next: LocalState | 'same'): string => (next === 'same' ? '—' : `**${next}**`);

export const orderLifeTables = (): Readonly<Record<string, string>> => ({
  orderLife: [
    '| order | recorded as | the venue says | becomes | then | why |',
    '|---|---|---|---|---|---|',
    ...orderTable.map(({ kinds, states, says, next, act, alert, why }) =>
      [
        '',
        kindsText(kinds),
        statesText(states),
        saysText(says),
        nextText(next),
        `${acts[act]}${alert === undefined ? '' : '; tell a person'}`,
        why,
        '',
      ]
        .join(' | ')
        .trim(),
    ),
  ].join('\n'),
  orderSteps: [
    '| order | recorded as | when | next step | why |',
    '|---|---|---|---|---|',
    ...stepTable.map(({ kinds, states, when, step, why }) => {
      const always = Object.keys(circumstances);
      const text = isSame(when, always) ? 'always' : when.join(', ');
      return `| ${kindsText(kinds)} | ${statesText(states)} | ${text} | \`${step}\` | ${why} |`;
    }),
    '',
    ...Object.entries(circumstances).map(([name, means]) => `- \`${name}\`: ${means}`),
  ].join('\n'),
});
