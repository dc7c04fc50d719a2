/** A book that is read, estimated and sized from a scene, and the figures that the tests of sizing ask of it. */
import { expect } from 'vitest';
import type { Policy } from '../../../src/domain/policy.ts';
import { readBook } from '../../../src/parity/sizing/book.ts';
import { riskInput } from '../../../src/parity/sizing/riskInput.ts';
import { type SizedBook, sizeBook } from '../../../src/parity/sizing/sizeBook.ts';
import { overRows } from '../../../src/parity/sizing/sizingProblem.ts';
import { timesCovariance } from '../../../src/parity/sizing/weigh.ts';
import { estimateRisk } from '../../../src/risk/estimateRisk.ts';
import type { RiskEstimate } from '../../../src/risk/riskTypes.ts';
import { perpetualLeg } from '../../rebalance/legsGiven.ts';
import { type Scene, snapshotOf } from '../../rebalance/snapshotWorld.ts';

export const btc = perpetualLeg('btc', 'BTC/USDT:USDT');
export const sol = perpetualLeg('sol', 'SOL/USDT:USDT');
export const eth = perpetualLeg('eth', 'ETH/USDT:USDT');
/** The estimator corrects for the bars that there are; the closed forms are for volatility as stated. */
const near = 2e-3;

export function size(policy: Policy, scene: Scene = {}) {
  const reading = readBook(snapshotOf(policy, scene), policy);
  if (reading.kind !== 'book') throw new Error(reading.reason);
  const estimate = estimateRisk(riskInput(reading.book));
  if (estimate.kind !== 'estimated') throw new Error('no estimate');
  const sized = sizeBook(reading.book, estimate);
  if (sized.kind !== 'sized') throw new Error(sized.reason);
  return { book: reading.book, estimate, sized };
}

export function shares(estimate: RiskEstimate, sized: SizedBook): readonly number[] {
  const x = overRows(estimate, sized.notionalsUsd);
  const marginal = timesCovariance(estimate, x);
  const total = x.reduce((sum, usd, row) => sum + usd * (marginal[row] ?? 0), 0);
  return x.map((usd, row) => (usd * (marginal[row] ?? 0)) / total);
}

export const within = (found: number | undefined, wanted: number, share = near) =>
  expect(Math.abs((found ?? Number.NaN) / wanted - 1)).toBeLessThan(share);
