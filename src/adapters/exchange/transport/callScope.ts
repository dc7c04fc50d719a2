/**
 * What a call carries with it through a ccxt class, seen only by what that call itself starts.
 *
 * One store serves the process: the runtime visits every store at every promise, so one a session would make each promise
 * cost as much as there are sessions.
 */
import { AsyncLocalStorage } from 'node:async_hooks';

export type CallScope<T> = {
  readonly run: <R>(value: T, work: () => Promise<R>) => Promise<R>;
  /** Of the innermost run of this scope; undefined outside of one. */
  readonly get: () => T | undefined;
};

/** Scopes within scopes; there are two. */
const DEPTH_MAX = 4;
const store = new AsyncLocalStorage<readonly object[]>();

export function createCallScope<T>(): CallScope<T> {
  const values = new WeakMap<object, T>();
  return {
    run: (value, work) => {
      const token = {};
      values.set(token, value);
      return store.run([token, ...(store.getStore() ?? []).slice(0, DEPTH_MAX - 1)], work);
    },
    get: () => {
      const token = store.getStore()?.find((each) => values.has(each));
      return token === undefined ? undefined : values.get(token);
    },
  };
}
