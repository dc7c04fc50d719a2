/** The `ohlc` part of a problem for `estimate`: four columns of prices, each bar within its high and low. */
import type { OhlcBars } from '../risk/ohlc/ohlcBars.ts';
import { type Fault, isRecord, isWithin, must } from './faults.ts';

const columnNames = ['open', 'high', 'low', 'close'] as const;

/** Null where there are faults, which are added to `faults`. */
export function parseOhlc(value: unknown, faults: Fault[]): OhlcBars | null {
  if (!isRecord(value)) {
    faults.push({ path: 'ohlc', message: must('have open, high, low and close', value) });
    return null;
  }
  const before = faults.length;
  for (const key of Object.keys(value)) {
    if (!(columnNames as readonly string[]).includes(key)) {
      faults.push({ path: `ohlc.${key}`, message: must('be open, high, low or close', key) });
    }
  }
  const [open, high, low, close] = columnNames.map((name) => parsePrices(value, name, faults));
  if (faults.length > before || !open || !high || !low || !close) return null;
  for (const [name, column] of [
    ['high', high],
    ['low', low],
    ['close', close],
  ] as const) {
    if (column.length === open.length) continue;
    const message = `must have ${open.length} bars like open, was ${column.length}`;
    faults.push({ path: `ohlc.${name}`, message });
  }
  if (faults.length > before) return null;
  for (let bar = 0; bar < open.length; bar++) {
    const [o, h, l, c] = [open[bar] ?? 0, high[bar] ?? 0, low[bar] ?? 0, close[bar] ?? 0];
    if (h < Math.max(o, l, c)) {
      const message = must('be the highest of its bar', h);
      faults.push({ path: `ohlc.high[${bar}]`, message });
    } else if (l > Math.min(o, c)) {
      faults.push({ path: `ohlc.low[${bar}]`, message: must('be the lowest of its bar', l) });
    }
  }
  return { open, high, low, close };
}

function parsePrices(
  ohlc: Readonly<Record<string, unknown>>,
  name: string,
  faults: Fault[],
): Float64Array | null {
  const value = ohlc[name];
  if (!Array.isArray(value) || value.length === 0) {
    faults.push({ path: `ohlc.${name}`, message: must('be a list of prices', value) });
    return null;
  }
  value.forEach((price: unknown, bar) => {
    if (isWithin(price, { above: 0, max: 1e100 })) return;
    const message = must('be a price above 0', price);
    faults.push({ path: `ohlc.${name}[${bar}]`, message });
  });
  return Float64Array.from(value as number[]);
}
