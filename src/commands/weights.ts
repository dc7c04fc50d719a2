/** `weights`: the parity engine on one problem, by the code that the daemon decides with. */
import type { Command } from 'commander';
import { solveUnchecked } from '../parity/weights.ts';
import type { WeightsConverged, WeightsRefusal, WeightsRepair } from '../parity/weightsAnswer.ts';
import { calculatorCommand, type Terminal } from './calculator.ts';

type Answer = WeightsConverged | WeightsRefusal;

export function weightsCommand(terminal?: Terminal): Command {
  return calculatorCommand<Answer>(
    {
      name: 'weights',
      description: 'portfolio weights under risk parity and other objectives',
      solve: solveUnchecked,
      isNo: (answer) => answer.kind !== 'converged',
      describe,
    },
    terminal,
  );
}

function describe(answer: Answer): string {
  const repairs = answer.repairs.map(describeRepair);
  if (answer.kind !== 'converged') return [answer.kind, answer.reason, ...repairs].join('\n');
  const percent = (value: number) => `${(100 * value).toFixed(4)} %`.padStart(12);
  const legs = answer.weights.map((weight, i) => {
    const share = answer.riskShares[i] as number;
    const leg = `leg ${i}`.padEnd(8);
    return `${leg}weight ${percent(weight)}  risk share ${percent(share)}`;
  });
  const volatility = answer.volatility.toPrecision(8);
  const gap = answer.worstGap.toExponential(2);
  const how = `volatility ${volatility}  worst gap ${gap}  ${answer.method}`;
  return [...legs, `${how}, ${answer.iterations} iterations`, ...repairs].join('\n');
}

function describeRepair(repair: WeightsRepair): string {
  const change = repair.correlationChangeMax.toExponential(2);
  return `${repair.code}: smallest eigenvalue ${repair.minEigenvalue}, correlations moved by ${change} at most`;
}
