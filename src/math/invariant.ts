/**
 * Assertions about ourselves: a broken invariant is a defect of the program, never of its input or of the world.
 */

/** Thrown by `invariant`; nobody catches it: the process stops, restarts and reconciles. */
export class InvariantViolation extends Error {
  override readonly name = 'InvariantViolation';
}

/** Throws InvariantViolation unless the condition holds; the message ends in ", was X" where there is an X. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new InvariantViolation(message);
}
