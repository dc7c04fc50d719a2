/** Goal: a broken invariant stops the line with its own error. Method: both branches. */
import { expect, test } from 'vitest';
import { InvariantViolation, invariant } from '../../src/math/invariant.ts';

test('an invariant that holds says nothing', () => {
  expect(() => invariant([1].length === 1, 'order of numbers, was broken')).not.toThrow();
});

test('an invariant that is broken throws its message', () => {
  expect(() => invariant(false, 'weights sum to one, was 2')).toThrow(InvariantViolation);
  expect(() => invariant(false, 'weights sum to one, was 2')).toThrow('weights sum to one, was 2');
});
