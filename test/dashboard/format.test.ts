/**
 * Goal: figures read as they are: no minus nought, no sixty seconds, no zero for the unknown.
 * Method: closed forms at the edges.
 */
import { describe, expect, it } from 'vitest';
import { duration, moment, percent, times, usd } from '../../src/dashboard/page/format.ts';

describe('figures', () => {
  it.each([
    [101_284.37, '$101,284'],
    [-6_210.3, '−$6,210'],
    [999.999, '$1,000.00'],
    [12.08, '$12.08'],
    [-0.001, '$0'],
    [0, '$0'],
    [null, '–'],
  ])('of money: %s is %s', (value, text) => expect(usd(value)).toBe(text));

  it.each([
    [0.1312, '13.1 %'],
    [-0.5, '−50.0 %'],
    [-0.0001, '0.0 %'],
    [null, '–'],
  ])('of shares: %s is %s', (value, text) => expect(percent(value)).toBe(text));

  it.each([
    [0, '0.0 s'],
    [-5, '0.0 s'],
    [9_949, '9.9 s'],
    [59_600, '1 min'],
    [252_000, '4 min 12 s'],
    [3_600_000, '1 h'],
    [100_800_000, '1 d 4 h'],
    [null, '–'],
  ])('of time: %s ms is %s', (value, text) => expect(duration(value)).toBe(text));

  it('of leverage and of moments', () => {
    expect([times(1.379), times(null)]).toEqual(['1.38×', '–']);
    expect([moment(0), moment(null)]).toEqual(['1970-01-01 00:00:00', '–']);
  });
});
