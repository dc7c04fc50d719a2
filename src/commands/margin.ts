/** `margin`: equity, margins, liquidation prices and shocks of one account, by the model that the daemon trades on. */
import type { Command } from 'commander';
import { evaluateAccount, positionMaintenanceUsd } from '../margin/account.ts';
import { liquidationDistanceShare, liquidationPriceUsd } from '../margin/liquidation.ts';
import { stressAccount } from '../margin/stress.ts';
import { calculatorCommand, type Terminal } from './calculator.ts';
import type { InvalidProblem } from './faults.ts';
import { parseMarginProblem } from './marginProblem.ts';

type MarginAnswer = {
  readonly kind: 'evaluated';
  readonly equityUsd: number;
  readonly initialMarginUsd: number;
  readonly maintenanceMarginUsd: number;
  /** null: equity is not above 0. */
  readonly marginRatio: number | null;
  readonly liquidated: boolean;
  readonly positions: readonly {
    readonly symbol: string;
    readonly maintenanceMarginUsd: number;
    readonly liquidationPriceUsd: number | null;
    readonly distanceShare: number | null;
  }[];
  readonly shocked: readonly {
    readonly equityUsd: number;
    readonly maintenanceMarginUsd: number;
    readonly marginRatio: number | null;
    readonly liquidated: boolean;
    /** Named by the shock but not held: without effect. */
    readonly ignoredSymbols: readonly string[];
  }[];
};

export function marginCommand(terminal?: Terminal): Command {
  return calculatorCommand<MarginAnswer>(
    {
      name: 'margin',
      description: 'margin, liquidation prices and shocks of an account',
      solve: solveMargin,
      isNo: () => false,
      describe,
    },
    terminal,
  );
}

/** @param problem contract 2.3, unchecked. */
export function solveMargin(problem: unknown): MarginAnswer | InvalidProblem {
  const parsed = parseMarginProblem(problem);
  if (parsed.kind === 'invalid') return parsed;
  const { account, shocks } = parsed;
  const held = new Set(account.positions.map((position) => position.symbol));
  return {
    kind: 'evaluated',
    ...evaluateAccount(account),
    positions: account.positions.map((position, i) => {
      const priceUsd = liquidationPriceUsd(account, i);
      return {
        symbol: position.symbol,
        maintenanceMarginUsd: positionMaintenanceUsd(position),
        liquidationPriceUsd: priceUsd,
        distanceShare: liquidationDistanceShare(priceUsd, position.markPriceUsd),
      };
    }),
    shocked: shocks.map((moves) => {
      const after = stressAccount(account, moves);
      return {
        equityUsd: after.equityUsd,
        maintenanceMarginUsd: after.maintenanceMarginUsd,
        marginRatio: after.marginRatio,
        liquidated: after.liquidated,
        ignoredSymbols: Object.keys(moves).filter((symbol) => !held.has(symbol)),
      };
    }),
  };
}

function describe(answer: MarginAnswer): string {
  const usd = (value: number) => value.toFixed(2);
  const ratio = (value: number | null) => (value === null ? 'none' : value.toPrecision(4));
  const lines = [
    `equity ${usd(answer.equityUsd)}  initial ${usd(answer.initialMarginUsd)}  ` +
      `maintenance ${usd(answer.maintenanceMarginUsd)}  ratio ${ratio(answer.marginRatio)}` +
      (answer.liquidated ? '  LIQUIDATED' : ''),
  ];
  for (const position of answer.positions) {
    const { symbol, liquidationPriceUsd: priceUsd, distanceShare } = position;
    const at =
      priceUsd === null || distanceShare === null
        ? 'none'
        : `${priceUsd.toPrecision(8)} (${(distanceShare * 100).toFixed(2)} % away)`;
    lines.push(`${symbol}  maintenance ${usd(position.maintenanceMarginUsd)}  liquidation ${at}`);
  }
  for (const [i, shock] of answer.shocked.entries()) {
    const end = shock.liquidated ? 'LIQUIDATED' : `ratio ${ratio(shock.marginRatio)}`;
    lines.push(`shock ${i}  equity ${usd(shock.equityUsd)}  ${end}`);
  }
  return lines.join('\n');
}
