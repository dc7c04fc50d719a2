/** What a call carries through a class is its own: beside, within and after others, whatever they wait for. Method: interleaved calls. */
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createCallScope } from '../../../src/adapters/exchange/transport/callScope.ts';

describe('a call scope', () => {
  it('gives each of two interleaved calls its own value, and none outside', async () => {
    const scope = createCallScope<number>();
    const seen = await Promise.all(
      [1, 2].map((value) =>
        scope.run(value, async () => {
          await turn();
          return scope.get();
        }),
      ),
    );
    expect(seen).toEqual([1, 2]);
    expect(scope.get()).toBeUndefined();
  });

  it('is not seen by another scope, and is seen through one', async () => {
    const [outer, inner] = [createCallScope<string>(), createCallScope<number>()];
    const found = await outer.run('outer', async () => {
      const before = inner.get();
      const within = await inner.run(7, async () => {
        await turn();
        return [outer.get(), inner.get()];
      });
      return [before, within];
    });
    expect(found).toEqual([undefined, ['outer', 7]]);
  });

  it('gives the innermost of its own', async () => {
    const scope = createCallScope<number>();
    const found = await scope.run(1, async () => [
      await scope.run(2, () => Promise.resolve(scope.get())),
      scope.get(),
    ]);
    expect(found).toEqual([2, 1]);
  });
});
