/** Unified methods of ccxt that only signals ask for: what a class says it has is called, the rest is not offered. */
import { OperatingError } from '../../../domain/operatingError.ts';
import type { ImplicitMethod } from '../ccxtClient.ts';
import type { Session } from '../session.ts';

type Method = 'fetchOpenInterestHistory' | 'fetchOpenInterest' | 'fetchLongShortRatioHistory';

export const has = ({ client }: Session, method: Method): boolean => client.has[method] === true;

/** The class's own implicit endpoint, where it generates one. */
export const hasImplicit = ({ client }: Session, method: string): boolean =>
  typeof (client as unknown as Readonly<Record<string, ImplicitMethod | undefined>>)[method] ===
  'function';

type Unified = (...parts: readonly unknown[]) => Promise<unknown>;

/** @throws OperatingError */
export function callUnified(
  session: Session,
  method: Method,
  parts: readonly unknown[],
): Promise<unknown> {
  const { client } = session;
  const found = (client as unknown as Readonly<Record<string, Unified | undefined>>)[method];
  if (found === undefined) {
    throw new OperatingError(`ccxt's ${client.id} has no method, was ${method}`, {
      retryable: false,
      remedy: 'install the version of ccxt that the lock file names',
    });
  }
  return found.apply(client, [...parts]);
}
