/**
 * Exact decimals: sums without binary error, rounding to steps in the direction that was asked for.
 *
 * Method: closed forms that float64 gets wrong; then properties over random decimals, checked in whole units by BigInt.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  absolute,
  add,
  compare,
  decimal,
  divide,
  isZero,
  minimum,
  multiply,
  negate,
  sign,
  subtract,
  toNumber,
  toStep,
  zero,
} from '../../src/domain/decimal.ts';

const places = 12;
const unit = 10n ** BigInt(places);

/** Text of a whole number of 1e-12. */
function textOf(units: bigint): string {
  const size = units < 0n ? -units : units;
  const fraction = (size % unit).toString().padStart(places, '0');
  return `${units < 0n ? '-' : ''}${size / unit}.${fraction}`;
}
const unitsOf = (text: string): bigint => {
  const [, minus, whole = '0', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  const size = BigInt(whole) * unit + BigInt(fraction.padEnd(places, '0').slice(0, places));
  return minus === '-' ? -size : size;
};

const numbers = fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n });
/** Steps as venues have them, odd ones included: 0.001, 0.25, 5, 0.00000003. */
const steps = fc.bigInt({ min: 1n, max: 10n ** 14n });

describe('arithmetic', () => {
  test('is exact where float64 is not', () => {
    expect(add('0.1', '0.2')).toBe('0.3');
    expect(subtract('0.3', '0.1')).toBe('0.2');
    expect(multiply('1.1', '1.1')).toBe('1.21');
    expect(add('9007199254740993', '0.000000000001')).toBe('9007199254740993.000000000001');
    expect(subtract('1000000000000000.01', '1000000000000000')).toBe('0.01');
  });

  test('numbers become plain decimals, without an exponent and without a negative zero', () => {
    expect(decimal(1e-9)).toBe('0.000000001');
    expect(decimal(1e21)).toBe('1000000000000000000000');
    expect(decimal('1.50')).toBe('1.5');
    expect(negate(zero)).toBe('0');
    expect(multiply('-1', 0)).toBe('0');
    expect(toStep('-0.4', decimal(1), 'down')).toBe('0');
  });

  test('what is no finite decimal is refused', () => {
    for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY, '', '1,5', '0x10', 'abc']) {
      expect(() => decimal(wrong)).toThrow();
    }
  });

  test('sums and differences are those of whole units', () => {
    fc.assert(
      fc.property(numbers, numbers, (a, b) => {
        expect(unitsOf(add(textOf(a), textOf(b)))).toBe(a + b);
        expect(unitsOf(subtract(textOf(a), textOf(b)))).toBe(a - b);
        expect(compare(textOf(a), textOf(b))).toBe(a < b ? -1 : a > b ? 1 : 0);
        expect(unitsOf(absolute(textOf(a)))).toBe(a < 0n ? -a : a);
        expect(sign(textOf(a))).toBe(a < 0n ? -1 : a > 0n ? 1 : 0);
        expect(isZero(textOf(a))).toBe(a === 0n);
        const [least] = [a, b].sort((x, y) => (x < y ? -1 : 1));
        expect(unitsOf(minimum(decimal(textOf(a)), decimal(textOf(b))))).toBe(least);
      }),
      { seed: 21 },
    );
  });
});

describe('divide', () => {
  test('cuts at 18 decimals, a tie to the even digit', () => {
    expect(divide(1, 3)).toBe('0.333333333333333333');
    expect(divide(2, 3)).toBe('0.666666666666666667');
    expect(divide('0.000000000000000005', 10)).toBe('0');
    expect(divide('0.000000000000000015', 10)).toBe('0.000000000000000002');
    expect(divide('-1', '8')).toBe('-0.125');
  });

  test('by zero is an error, not an infinity', () => {
    expect(() => divide(1, 0)).toThrow();
  });
});

describe('toStep', () => {
  test('closed forms in every direction and sign', () => {
    const rows: readonly (readonly [string, string, string, string, string])[] = [
      // value, step, down, nearest, up
      ['0.0129', '0.001', '0.012', '0.013', '0.013'],
      ['-0.0129', '0.001', '-0.012', '-0.013', '-0.013'],
      ['0.0125', '0.001', '0.012', '0.013', '0.013'],
      ['7', '5', '5', '5', '10'],
      ['0.3', '0.1', '0.3', '0.3', '0.3'],
      ['0', '0.1', '0', '0', '0'],
      ['1', '0.3', '0.9', '0.9', '1.2'],
    ];
    for (const [value, step, down, nearest, up] of rows) {
      expect(toStep(value, decimal(step), 'down')).toBe(down);
      expect(toStep(value, decimal(step), 'nearest')).toBe(nearest);
      expect(toStep(value, decimal(step), 'up')).toBe(up);
    }
  });

  test('a number that float64 holds a hair below its decimal is not cut by a whole step', () => {
    // 0.1 + 0.7 is 0.7999999999999999 in float64: three steps short of nothing, but one lot if it were cut.
    expect(toStep(0.29, decimal('0.01'), 'down')).toBe('0.29');
    expect(toStep(1.1 * 3, decimal('0.000000000001'), 'nearest')).toBe('3.3');
  });

  test('down never exceeds, up never falls short, nearest is within half a step; all are whole steps', () => {
    fc.assert(
      fc.property(numbers, steps, (value, step) => {
        const at = (direction: 'down' | 'up' | 'nearest') =>
          unitsOf(toStep(textOf(value), decimal(textOf(step)), direction));
        const size = value < 0n ? -value : value;
        const side = value < 0n ? -1n : 1n;
        const down = (size / step) * step;
        expect(at('down')).toBe(side * down);
        expect(at('up')).toBe(side * (down === size ? down : down + step));
        expect(at('nearest')).toBe(side * ((size - down) * 2n >= step ? down + step : down));
      }),
      { seed: 22 },
    );
  });

  test('rounding what is rounded changes nothing', () => {
    fc.assert(
      fc.property(numbers, steps, (value, step) => {
        const lot = decimal(textOf(step));
        for (const direction of ['down', 'nearest', 'up'] as const) {
          const once = toStep(textOf(value), lot, direction);
          for (const again of ['down', 'nearest', 'up'] as const) {
            expect(toStep(once, lot, again)).toBe(once);
          }
        }
      }),
      { seed: 23 },
    );
  });
});

test('float64 in, the same float64 out', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(toNumber(decimal(value))).toBe(value === 0 ? 0 : value);
    }),
    { seed: 24 },
  );
});
