/**
 * What options say: 25-delta risk reversal and butterfly, strikes at a delta, constant-maturity volatility.
 *
 * Signs: risk reversal = call − put, so that below 0 means that puts are dear. Strikes by forward delta (Black 1976). Maturities are
 * joined linearly in total variance.
 */
import { invariant } from '../../math/invariant.ts';

/** IV25C − IV25P. */
export function riskReversal(callVolatility: number, putVolatility: number): number {
  return callVolatility - putVolatility;
}

/** Mean of the wings less the middle. */
export function butterfly(
  callVolatility: number,
  putVolatility: number,
  atTheMoneyVolatility: number,
): number {
  return (callVolatility + putVolatility) / 2 - atTheMoneyVolatility;
}

/** Strike at an unsigned forward delta: F exp(∓N⁻¹(delta) σ√T + σ²T/2), T in years of 365 days. */
export function strikeAtDelta(input: {
  readonly option: 'call' | 'put';
  readonly forwardPrice: number;
  readonly volatilityAnnual: number;
  readonly days: number;
  /** 0.25 for 25 delta. */
  readonly delta: number;
}): number {
  const deviation = input.volatilityAnnual * Math.sqrt(input.days / 365);
  const probability = input.option === 'call' ? input.delta : 1 - input.delta;
  const exponent = -inverseNormal(probability) * deviation + (deviation * deviation) / 2;
  return input.forwardPrice * Math.exp(exponent);
}

/** Volatility at a maturity between (or beside) two others, linear in σ²T. */
export function constantMaturityVolatility(
  near: { readonly days: number; readonly volatility: number },
  far: { readonly days: number; readonly volatility: number },
  days: number,
): number {
  const nearVariance = near.volatility ** 2 * near.days;
  const farVariance = far.volatility ** 2 * far.days;
  const weight = (days - near.days) / (far.days - near.days);
  return Math.sqrt(((1 - weight) * nearVariance + weight * farVariance) / days);
}

/** Central branch of Wichura's AS 241 (PPND16), which covers every delta from 7.5 to 92.5; about 16 digits. */
function inverseNormal(probability: number): number {
  const q = probability - 0.5;
  invariant(Math.abs(q) <= 0.425, `a delta must be in 0.075…0.925, was ${probability}`);
  const r = 0.180625 - q * q;
  return (q * polynomial(NUMERATOR, r)) / polynomial(DENOMINATOR, r);
}

/** Highest power first. */
const NUMERATOR = [
  2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987, 13731.69376550946,
  1971.5909503065513, 133.14166789178438, 3.3871328727963665,
] as const;
const DENOMINATOR = [
  5226.495278852854, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751,
  687.1870074920579, 42.31333070160091, 1,
] as const;

function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduce((value, coefficient) => value * x + coefficient, 0);
}
