/**
 * Goal: the README's table of venues is the profiles, a row each, and names what differs.
 * Method: cells of the table against the profiles' own data.
 */
import { expect, test } from 'vitest';
import { venueTable } from '../../../scripts/readmeTables/venues.ts';
import { profileOf } from '../../../src/adapters/exchange/profiles/profileOf.ts';

const lines = venueTable().split('\n');
const cellsOf = (name: string): readonly string[] => {
  const line = lines.find((each) => each.startsWith(`| ${name} |`)) ?? '';
  return line.split('|').map((cell) => cell.trim());
};

test('every venue has a row of as many cells as the head', () => {
  expect(lines).toHaveLength(9);
  const counts = lines.map((line) => line.split('|').length);
  expect(new Set(counts).size).toBe(1);
});

test('the cells are what the profiles say', () => {
  expect(cellsOf('`hyperliquid`').join(' ')).toContain('0x + 32 hex');
  expect(cellsOf('`okx`').join(' ')).toContain('`expTime` header');
  expect(cellsOf('`deribit`')[3]).toBe(profileOf('deribit').clientId.repeated);
  expect(cellsOf('`deribit`')[6]).toBe('coins');
  expect(cellsOf('`deribit`')[7]).toBe('30 min');
  expect(cellsOf('`okx`')[7]).toBe('2 h');
  expect(cellsOf('any other')[7]).toBe('not documented');
  expect(cellsOf('any other')[5]).toContain('120 s');
  expect(cellsOf('`binance`').at(-2)).toContain('config check');
  expect(cellsOf('`bybit`').at(-2)).toBe('yes');
});
