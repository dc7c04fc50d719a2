/** A proof of reserves as a person or a job writes it down: `{date, ratios: {BTC: 1.02, …}}`; the least ratio counts. */
import { z } from 'zod';
import { OperatingError } from '../../domain/operatingError.ts';

const aheadMsMax = 86_400_000;

const schema = z.object({
  date: z.union([z.iso.date(), z.iso.datetime({ offset: true })]),
  ratios: z.record(z.string().min(1).max(20), z.number().min(0).max(1_000)).refine((ratios) => {
    const count = Object.keys(ratios).length;
    return count >= 1 && count <= 500;
  }, 'between 1 and 500 coins'),
});

export type ProofReport = { readonly asOfMs: number; readonly ratio: number };

/** @throws OperatingError for another shape, and for a date that is yet to come. */
export function proofIn(document: unknown, nowMs: number): ProofReport {
  const parsed = schema.safeParse(document);
  if (!parsed.success) {
    const [first] = parsed.error.issues;
    throw refused(`${first?.path.join('.') ?? ''} ${first?.message ?? ''}`.trim());
  }
  const asOfMs = Date.parse(parsed.data.date);
  if (!(asOfMs <= nowMs + aheadMsMax)) throw refused(`dated ${parsed.data.date}, which is to come`);
  return { asOfMs, ratio: Math.min(...Object.values(parsed.data.ratios)) };
}

const refused = (what: string): OperatingError =>
  new OperatingError(`a proof of reserves must state date and ratios, was: ${what}`, {
    retryable: true,
    remedy: 'write { "date": "2026-11-01", "ratios": { "BTC": 1.02 } }',
  });
