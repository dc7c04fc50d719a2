/**
 * Where lending legs are possible: earn orders must be found again after an answer is lost.
 *
 * Bybit takes a client id with each. Binance and OKX take none, so that a subscription of unknown outcome could be told from
 * one of a person only by comparing amounts: such legs are refused rather than guessed at.
 */
const EXCHANGES: ReadonlySet<string> = new Set(['bybit']);

export const earnExchanges: readonly string[] = [...EXCHANGES];

export const canLend = (exchange: string): boolean => EXCHANGES.has(exchange);
