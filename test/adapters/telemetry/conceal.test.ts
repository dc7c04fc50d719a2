/**
 * Goal: no secret in any log line or metric; a log line is one object with the event, the level and the rebalance.
 * Method: a secret is planted wherever text can come from; the output is searched for it. Concealing was switched off once
 * and the planted secret was found.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createConceal } from '../../../src/adapters/telemetry/conceal.ts';
import { rebalanceId, venueId } from '../../../src/domain/ids.ts';
import { OperatingError } from '../../../src/domain/operatingError.ts';
import { planted, world } from './telemetryGiven.ts';

describe('secrets', () => {
  it.each([{ isPretty: false }, { isPretty: true }])(
    'never reach a line or a metric, whatever carried them ($isPretty)',
    async (options) => {
      const { lines, logger, metrics, reporter } = world(options);
      const cause = new Error(`signature of ${planted} rejected`);
      const error = new OperatingError(`sent ${planted}`, {
        retryable: true,
        remedy: 'wait',
        cause,
      });
      reporter.event({
        event: `odd ${planted}`,
        rebalanceId: rebalanceId('r'),
        deep: { a: [planted] },
      });
      reporter.warn({
        event: 'warned',
        url: `https://u:${planted}@host/?key=${encodeURIComponent(planted)}`,
      });
      reporter.event({ event: 'basic', header: Buffer.from(planted).toString('base64') });
      logger.error({ err: error }, 'failed');
      reporter.orderDenied(planted);
      reporter.orderEnded(venueId(planted), planted);
      reporter.orderAcked(venueId(planted), 3);
      const written = lines.join('\n') + (await metrics.text());
      expect(lines.length).toBeGreaterThanOrEqual(4);
      for (const form of [planted, JSON.stringify(planted).slice(1, -1), 'S3cret', 'cGw0bnRlZ']) {
        expect(written).not.toContain(form);
      }
      expect(written).toContain('[redacted]');
    },
  );

  it('are cut out of fields by name even when their values are not known', () => {
    const { lines, logger } = world();
    logger.info({ apiKey: 'unheard-of', nested: { secret: 'unheard-of' } }, 'configured');
    expect(lines.join()).not.toContain('unheard-of');
  });

  it('in the userinfo of any URL are cut out, and the rest of the URL stays', () => {
    const conceal = createConceal([]);
    expect(conceal('down: postgres://eq:hunter2@db:5432/x')).toBe(
      'down: postgres://[redacted]@db:5432/x',
    );
    expect(conceal('http://127.0.0.1:9701/v5 by a@b')).toBe('http://127.0.0.1:9701/v5 by a@b');
  });

  it('are gone from any text that holds them', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 6 }).filter((secret) => !'[redacted]'.includes(secret)),
        fc.string(),
        fc.string(),
        (secret, before, after) => {
          const concealed = createConceal([secret])(before + secret + after);
          // A secret that is made anew by what surrounds the mark is not the one that was planted.
          expect(concealed.length - '[redacted]'.length).toBeLessThanOrEqual(
            before.length + after.length,
          );
        },
      ),
      { seed: 7, numRuns: 200 },
    );
  });
});

describe('the log', () => {
  it('is one JSON object a line with the event, the level and the rebalance', () => {
    const { lines, reporter } = world();
    reporter.event({ event: 'decided', rebalanceId: rebalanceId('main-1'), orders: 3 });
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'info',
      event: 'decided',
      rebalanceId: 'main-1',
      orders: 3,
    });
  });
});
