/** Figures as text for a person. What is not known is a dash, never a zero. */

export const unknownMark = '–';

const usdFormat = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const usdCentsFormat = new Intl.NumberFormat('en-US', {
  minimumFractionDigits: 2,
  maximumFractionDigits: 2,
});

/** Whole dollars from a thousand up, cents below; a true minus sign. */
export function usd(value: number | null): string {
  if (value === null) return unknownMark;
  const text = (Math.abs(value) >= 1_000 ? usdFormat : usdCentsFormat).format(Math.abs(value));
  const isZero = !/[1-9]/.test(text);
  return `${value < 0 && !isZero ? '−' : ''}$${isZero ? '0' : text}`;
}

export function percent(share: number | null, digits = 1): string {
  if (share === null) return unknownMark;
  const text = (100 * Math.abs(share)).toFixed(digits);
  return `${share < 0 && /[1-9]/.test(text) ? '−' : ''}${text} %`;
}

export const times = (ratio: number | null): string =>
  ratio === null ? unknownMark : `${ratio.toFixed(2)}×`;

/** The two largest units: "1 d 4 h", "3 min 20 s", "0.4 s". */
export function duration(ms: number | null): string {
  if (ms === null) return unknownMark;
  if (ms < 10_000) return `${(Math.max(0, ms) / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  const units = [
    ['d', 86_400],
    ['h', 3_600],
    ['min', 60],
    ['s', 1],
  ] as const;
  const first = units.findIndex(([, size]) => seconds >= size);
  let rest = seconds;
  const parts = units.slice(first, first + 2).map(([unit, size]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return count === 0 ? '' : `${count} ${unit}`;
  });
  return parts.filter((part) => part !== '').join(' ');
}

/** UTC to the second. */
export const moment = (ms: number | null): string =>
  ms === null ? unknownMark : new Date(ms).toISOString().replace('T', ' ').slice(0, 19);
