/**
 * Goal: the listener answers where it was told to, stops, and says what to do where it cannot.
 * Method: the listener on a real port.
 */
import { afterEach, describe, expect, it } from 'vitest';
import { type Listener, listen } from '../../src/dashboard/listen.ts';
import { world } from './appGiven.ts';

describe('the listener', () => {
  let listeners: Listener[] = [];
  afterEach(async () => {
    await Promise.all(listeners.map((listener) => listener.stop()));
    listeners = [];
  });
  const start = async (port: number, host = '127.0.0.1') => {
    const listener = await listen(world().app, { host, port });
    listeners.push(listener);
    return listener;
  };

  it('answers on the port that it was given, and stops', async () => {
    const { port } = await start(0);
    const url = `http://127.0.0.1:${port}/healthz`;
    expect((await fetch(url)).status).toBe(200);
    await Promise.all(listeners.map((listener) => listener.stop()));
    await expect(fetch(url)).rejects.toThrow();
  });

  it('names the port and the remedy when it is taken, and the host when it is not ours', async () => {
    const { port } = await start(0);
    const taken = await start(port).catch((error: unknown) => error);
    expect(taken).toMatchObject({
      message: `port ${port} on 127.0.0.1 is taken`,
      retryable: false,
      remedy: expect.stringContaining('http.port'),
    });
    const foreign = await start(0, '192.0.2.1').catch((error: unknown) => error);
    expect(foreign).toMatchObject({ remedy: expect.stringContaining('http.host') });
  });
});
