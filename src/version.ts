/** The program's version, as package.json states it: stored with every decision. */
import { readFileSync } from 'node:fs';

export const version: string = (() => {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const { version: found } = JSON.parse(text) as { readonly version: string };
  return found;
})();
