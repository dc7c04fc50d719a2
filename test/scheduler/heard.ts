/** What was told so far, and a promise of the first that fits: tests wait for what they hear, never for a time. */

/** What was told so far, and a promise of the first that fits. */
export function heard<T>() {
  const all: T[] = [];
  const waiting: { readonly fits: (one: T) => boolean; readonly found: (one: T) => void }[] = [];
  return {
    all,
    tell: (one: T) => {
      all.push(one);
      for (const { fits, found } of waiting) if (fits(one)) found(one);
    },
    until: (fits: (one: T) => boolean) =>
      new Promise<T>((found) => {
        const before = all.find(fits);
        if (before === undefined) waiting.push({ fits, found });
        else found(before);
      }),
  };
}
