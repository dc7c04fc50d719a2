/**
 * Readings against thresholds: what each signal of a venue finds, in families.
 *
 * Signals that are one thing seen twice belong to one family (an outflow and the reserve that it drains), so that two families are
 * two kinds of evidence. Outflow alone does not tell Bybit 2025 from FTX.
 */
import type { Signal, SolvencyObservations, WithdrawalReading } from './observations.ts';
import type { SolvencyRules, Threshold } from './rules.ts';

export type SignalFamily = 'access' | 'flows' | 'price' | 'token' | 'reserves' | 'market';
export type Severity = 'none' | 'notice' | 'alarm' | 'halt' | 'unknown';

export type Finding = {
  readonly family: SignalFamily;
  readonly signal: keyof SolvencyObservations;
  readonly severity: Severity;
  /** With its numbers, for logs and the page. */
  readonly evidence: string;
};

type Judged = { readonly severity: Severity; readonly evidence: string };

/** One finding for each signal that the venue offers. */
export function solvencyFindings(
  observations: SolvencyObservations,
  nowMs: number,
  rules: SolvencyRules,
): readonly Finding[] {
  const findings: Finding[] = [];
  const judge = <T>(
    family: SignalFamily,
    signal: keyof SolvencyObservations,
    read: Signal<T>,
    ageMsMax: number,
    judged: (value: T) => Judged,
  ) => {
    const found = judgeSignal(read, nowMs, ageMsMax, judged);
    if (found !== null) {
      findings.push({ family, signal, ...found, evidence: `${signal}: ${found.evidence}` });
    }
  };
  const seen = observations;
  const { switchAgeMsMax, marketAgeMsMax, feedAgeMsMax } = rules;
  const shut = isMainCoinShut(observations.withdrawals, rules);
  judge('access', 'status', seen.status, switchAgeMsMax, (status) => ({
    severity: status === 'ok' ? 'none' : 'notice',
    evidence: status,
  }));
  judge('access', 'withdrawals', seen.withdrawals, switchAgeMsMax, (reading) =>
    judgeWithdrawals(reading, rules),
  );
  judge(
    'access',
    'withdrawalFeeRatio',
    seen.withdrawalFeeRatio,
    feedAgeMsMax,
    above(rules.withdrawalFeeRatio),
  );
  judge('flows', 'netflow24h', seen.netflow24h, feedAgeMsMax, ({ share, robustZ }) => {
    const usual = robustZ !== null && robustZ > rules.netflowRobustZ;
    const found = below(rules.netflow24hShare)(share);
    return usual ? { severity: 'none', evidence: `${found.evidence}, z ${robustZ}` } : found;
  });
  judge('flows', 'netflow7dShare', seen.netflow7dShare, feedAgeMsMax, below(rules.netflow7dShare));
  judge(
    'flows',
    'stableReserve7dShare',
    seen.stableReserve7dShare,
    feedAgeMsMax,
    below(rules.stableReserve7dShare),
  );
  judge('price', 'priceDislocationShare', seen.priceDislocationShare, marketAgeMsMax, (share) => {
    const { notice, alarm } = rules.priceDislocationShare;
    const threshold = { notice, alarm: shut ? rules.priceDislocationShareShut : alarm };
    // The sign says what is stuck, cash or coins; either is bad.
    return { ...above(threshold)(Math.abs(share)), evidence: percent(share) };
  });
  judge('price', 'fundingDislocationSd', seen.fundingDislocationSd, marketAgeMsMax, (sd) =>
    above(rules.fundingDislocationSd)(Math.abs(sd)),
  );
  judge(
    'token',
    'ownTokenExcess24h',
    seen.ownTokenExcess24h,
    marketAgeMsMax,
    below(rules.ownTokenExcess24h),
  );
  judge(
    'reserves',
    'ownTokenReserveShare',
    seen.ownTokenReserveShare,
    feedAgeMsMax,
    above(rules.ownTokenReserveShare),
  );
  judge(
    'reserves',
    'mainCoinReserve7dShare',
    seen.mainCoinReserve7dShare,
    feedAgeMsMax,
    below(rules.mainCoinReserve7dShare),
  );
  judge('reserves', 'proofOfReserves', seen.proofOfReserves, feedAgeMsMax, ({ asOfMs, ratio }) => {
    const old = nowMs - asOfMs > rules.reserveReportAgeMsMax;
    const short = ratio < rules.reserveRatioMin;
    return {
      severity: short ? 'alarm' : old ? 'notice' : 'none',
      evidence: `ratio ${ratio}, ${Math.floor((nowMs - asOfMs) / 86_400_000)} days old`,
    };
  });
  judge(
    'market',
    'insurance8hShare',
    seen.insurance8hShare,
    marketAgeMsMax,
    below(rules.insurance8hShare),
  );
  judge('market', 'depthRatio', seen.depthRatio, marketAgeMsMax, below(rules.depthRatio));
  return findings;
}

/** null: not offered. */
function judgeSignal<T>(
  signal: Signal<T>,
  nowMs: number,
  ageMsMax: number,
  judged: (value: T) => Judged,
): Judged | null {
  switch (signal.kind) {
    case 'notOffered':
      return null;
    case 'unknown':
      return { severity: 'unknown', evidence: signal.reason };
    case 'observed': {
      const ageMs = nowMs - signal.observedAtMs;
      return ageMs > ageMsMax
        ? { severity: 'unknown', evidence: `${ageMs} ms old, at most ${ageMsMax}` }
        : judged(signal.value);
    }
  }
}

function judgeWithdrawals(reading: WithdrawalReading, rules: SolvencyRules): Judged {
  const mainHalted = rules.mainCoins.filter((coin) => reading.halted.includes(coin));
  if (mainHalted.length > 0)
    return { severity: 'halt', evidence: `halted ${mainHalted.join(' ')}` };
  if (reading.halted.length > 0) {
    return { severity: 'notice', evidence: `halted ${reading.halted.join(' ')}` };
  }
  const mainPartial = rules.mainCoins.filter((coin) => reading.partial.includes(coin));
  return mainPartial.length > 0
    ? { severity: 'notice', evidence: `partly shut ${mainPartial.join(' ')}` }
    : { severity: 'none', evidence: 'open' };
}

function isMainCoinShut(withdrawals: Signal<WithdrawalReading>, rules: SolvencyRules): boolean {
  if (withdrawals.kind !== 'observed') return false;
  const { halted, partial } = withdrawals.value;
  return rules.mainCoins.some((coin) => halted.includes(coin) || partial.includes(coin));
}

const above =
  ({ notice, alarm }: Threshold) =>
  (value: number): Judged => ({
    severity: value >= alarm ? 'alarm' : value >= notice ? 'notice' : 'none',
    evidence: String(value),
  });

const below =
  ({ notice, alarm }: Threshold) =>
  (value: number): Judged => ({
    severity: value <= alarm ? 'alarm' : value <= notice ? 'notice' : 'none',
    evidence: percent(value),
  });

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
