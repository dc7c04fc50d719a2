/**
 * Goal: a process frozen at whichever step between asking for leave and the wire sends nothing, also at a venue that would
 * take a request however late; what does leave is signed with the moment of the asking.
 * Method: a session whose clock jumps at the step in question, over a client in memory that notes each request.
 */
import { expect, test } from 'vitest';
import type { CcxtClient } from '../../../src/adapters/exchange/ccxtClient.ts';
import { sendFault } from '../../../src/adapters/exchange/faults.ts';
import { carefulProfile } from '../../../src/adapters/exchange/profiles/profile.ts';
import { createSession } from '../../../src/adapters/exchange/session.ts';
import { createTraffic } from '../../../src/adapters/exchange/transport/traffic.ts';
import { venueId } from '../../../src/domain/ids.ts';
import { answerOf } from '../../../src/rebalance/answerOfSend.ts';
import { startMs } from './bybitSimulator.ts';

const windowMs = 4_000;

function open() {
  const left: string[] = [];
  const client = {
    id: 'venue',
    has: {},
    fetch: async (url: string) => {
      left.push(url);
      return {};
    },
  } as unknown as CcxtClient;
  let nowMs = startMs;
  let jumpMs = 0;
  const clock = {
    nowMs: () => nowMs,
    sleep: async (ms: number) => {
      nowMs += ms + jumpMs;
    },
  };
  const faults = {
    venue: 'beta',
    exchange: 'venue',
    credentialsSource: null,
    codes: carefulProfile.codes,
    redact: (text: string) => text,
  };
  const session = createSession({
    id: venueId('beta'),
    exchange: 'venue',
    environment: 'testnet',
    client,
    clock,
    profile: carefulProfile,
    chance: () => 0,
    traffic: createTraffic(carefulProfile.traffic, clock, () => {}),
    deadlineMs: 1_000,
    receiveWindowMs: windowMs,
    faults,
  });
  return {
    left,
    session,
    faults,
    /** What the request was signed with. */
    request: async (what = 'https://venue/order') => {
      const signedMs = session.client.milliseconds();
      await session.client.fetch(what, 'POST', {}, '');
      return signedMs;
    },
    thawAfter: (ms: number) => {
      nowMs += ms;
    },
    freezeWhileWaiting: (ms: number) => {
      jumpMs = ms;
    },
  };
}

test('what leaves within the window is signed with the moment before the lease was asked', async () => {
  const { left, session, request, thawAfter } = open();
  thawAfter(windowMs);
  expect(await session.write('normal', () => request(), { askedAtMs: startMs })).toBe(startMs);
  expect(left).toHaveLength(1);
});

test('frozen after the lease answered, it sends nothing, and says that nothing left', async () => {
  const { left, session, faults, request, thawAfter } = open();
  thawAfter(windowMs + 1);
  const error = await session
    .write('normal', () => request(), { askedAtMs: startMs })
    .catch((thrown: unknown) => thrown);
  expect(left).toEqual([]);
  const outcome = sendFault(error, faults);
  expect(outcome).toMatchObject({ kind: 'rejected', code: 'LATE' });
  expect(answerOf(outcome)).toBe('notSent');
});

test('frozen while it waits for its turn, it sends nothing', async () => {
  const { left, session, request, freezeWhileWaiting } = open();
  // Five at once; the next one waits for its turn.
  for (let sent = 0; sent < 5; sent += 1) {
    await session.write('protective', () => request(`https://venue/${sent}`));
  }
  freezeWhileWaiting(60_000);
  await expect(
    session.write('protective', () => request(), { askedAtMs: startMs }),
  ).rejects.toMatchObject({ code: 'LATE' });
  expect(left).toHaveLength(5);
});

test('frozen between the signature and the request, it sends nothing', async () => {
  const { left, session, faults, request, thawAfter } = open();
  const error = await session
    .write(
      'normal',
      async () => {
        // What the class asks first, such as which kind of account it is.
        await request('https://venue/account');
        thawAfter(60_000);
        return await request();
      },
      { askedAtMs: startMs },
    )
    .catch((thrown: unknown) => thrown);
  expect(left).toEqual(['https://venue/account']);
  expect(sendFault(error, faults)).toMatchObject({ kind: 'rejected', code: 'LATE' });
});

test('what nobody asked leave for, a reading, leaves whenever it may', async () => {
  const { left, session, request, thawAfter } = open();
  Object.assign(session.client, { loadMarkets: async () => ({}) });
  thawAfter(60_000);
  expect(await session.read('anything', () => request())).toBe(startMs + 60_000);
  expect(left).toHaveLength(1);
});
