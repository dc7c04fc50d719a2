/** The no-increase fence: raised by the margin watch, asked before every send, and down by itself when the watch stops raising it. */
export const noIncreaseCursor = (portfolio: string): string => `noIncreaseUntil|${portfolio}`;
