/**
 * Who signs a request: key, time and HMAC, in the order in which Bybit checks them.
 *
 * sign = hex(HMAC-SHA256(secret, timestamp + key + window + payload)); the payload is the raw query or the raw body. A
 * timestamp must lie in [server time - window, server time + 1000).
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Credentials } from '../http/exchange.ts';
import { failed, type Reply } from './reply.ts';

export type SignedParts = {
  readonly key: string | undefined;
  readonly timestamp: string | undefined;
  readonly sign: string | undefined;
  readonly recvWindow: string | undefined;
  readonly payload: string;
};

/** null: the request is the key's own. */
export function signatureFault(
  parts: SignedParts,
  credentials: Credentials,
  server: { readonly nowMs: number; readonly windowMsMax: number },
): Reply | null {
  const { key, timestamp, sign, payload } = parts;
  if (key === undefined || timestamp === undefined || sign === undefined)
    return failed(10007, 'Api key, timestamp or signature missing');
  const serverMs = server.nowMs;
  const windowMs = Math.min(Number(parts.recvWindow ?? 5000), server.windowMsMax);
  const sentMs = Number(timestamp);
  if (!Number.isFinite(sentMs) || sentMs < serverMs - windowMs || sentMs >= serverMs + 1000)
    return failed(
      10002,
      `invalid request, please check your server timestamp or recv_window param. req_timestamp[${timestamp}],server_timestamp[${serverMs}],recv_window[${windowMs}]`,
    );
  if (key !== credentials.apiKey) return failed(10003, 'API key is invalid.');
  const text = `${timestamp}${key}${parts.recvWindow ?? ''}${payload}`;
  const expected = createHmac('sha256', credentials.apiSecret).update(text).digest();
  const given = Buffer.from(sign, 'hex');
  if (given.length !== expected.length || !timingSafeEqual(given, expected))
    return failed(10004, 'error sign! please check your signature generation algorithm.');
  return null;
}
