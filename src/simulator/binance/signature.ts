/**
 * Who signs a request: key, time and HMAC.
 *
 * signature = hex(HMAC-SHA256(secret, query + body)) without the signature itself, which stands in either. A timestamp must lie in
 * [server time - window, server time + 1000).
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Credentials } from '../http/exchange.ts';
import { integer, type Parameters, type Request, text } from '../http/request.ts';
import { failed, missing, type Reply } from './reply.ts';

const windowStandardMs = 5000;
const windowMostMs = 60_000;

/** null: the request is the key's own. */
export function signatureFault(
  request: Request,
  parameters: Parameters,
  credentials: Credentials,
  server: { readonly nowMs: number; readonly windowMsMax: number },
): Reply | null {
  const key = request.header('x-mbx-apikey');
  if (key === undefined || key === '') return failed(-2014, 'API-key format invalid.');
  if (key !== credentials.apiKey)
    return failed(-2015, 'Invalid API-key, IP, or permissions for action.');
  const sentMs = integer(parameters, 'timestamp');
  if (sentMs === undefined) return missing('timestamp');
  const askedMs = integer(parameters, 'recvWindow') ?? windowStandardMs;
  if (askedMs > windowMostMs) return failed(-1131, "'recvWindow' must be less than 60000.");
  if (sentMs >= server.nowMs + 1000)
    return failed(-1021, "Timestamp for this request was 1000ms ahead of the server's time.");
  if (sentMs < server.nowMs - Math.min(askedMs, server.windowMsMax))
    return failed(-1021, 'Timestamp for this request is outside of the recvWindow.');
  const sign = text(parameters, 'signature');
  if (sign === '') return missing('signature');
  const signed = `${unsigned(request.query)}${unsigned(request.body)}`;
  const expected = createHmac('sha256', credentials.apiSecret).update(signed).digest();
  const given = Buffer.from(sign, 'hex');
  if (given.length !== expected.length || !timingSafeEqual(given, expected))
    return failed(-1022, 'Signature for this request is not valid.');
  return null;
}

function unsigned(part: string): string {
  return part.replace(/(^|&)signature=[^&]*/, '');
}
