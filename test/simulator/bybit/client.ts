/**
 * The unmodified bybit class of ccxt, re-hosted to a simulator by its dispatcher, its clock the simulator's.
 */
import type { bybit as Bybit } from 'ccxt';
import { Agent } from 'undici';
import type { Simulator } from '../../../src/simulator/http/server.ts';

type Dispatching = {
  loadFetchImplementation: () => Promise<void>;
  fetchDispatcher: unknown;
  milliseconds: () => number;
};

/** One file of ccxt instead of all of it: a tenth of a second instead of a third. */
async function loadClass(): Promise<typeof Bybit> {
  const url = new URL('./src/bybit.js', import.meta.resolve('ccxt'));
  const module = (await import(url.href)) as { default: typeof Bybit };
  return module.default;
}

/** A client with the simulator's default key; `overrides` go into the constructor. */
export async function connect(
  simulator: Pick<Simulator, 'origin' | 'nowMs'>,
  overrides: Record<string, unknown> = {},
): Promise<Bybit> {
  const Class = await loadClass();
  const exchange = new Class({
    apiKey: 'simulated',
    secret: 'simulated-secret',
    enableRateLimit: false,
    timeout: 5000,
    ...overrides,
  });
  const open = exchange as unknown as Dispatching;
  await open.loadFetchImplementation();
  open.fetchDispatcher = new Agent({ bodyTimeout: 500, headersTimeout: 5000 }).compose(
    (dispatch) => (options, handler) =>
      dispatch(
        {
          ...options,
          origin: simulator.origin,
          headers: {
            ...(options.headers as Record<string, string>),
            'x-original-host': new URL(String(options.origin)).host,
          },
        },
        handler,
      ),
  );
  open.milliseconds = () => simulator.nowMs();
  return exchange;
}
