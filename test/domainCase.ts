/** The worked cases of the domain, by name. */
import { readFileSync } from 'node:fs';

type Case = {
  readonly name: string;
  readonly topic: string;
  readonly title: string;
  readonly inputs: unknown;
  readonly expected: unknown;
  readonly tolerance: { readonly kind: 'rel' | 'abs'; readonly value: number };
};

export const domainCases = JSON.parse(
  readFileSync(new URL('./cases/domain.json', import.meta.url), 'utf8'),
) as readonly Case[];

export function domainCase<Inputs, Expected>(name: string) {
  const found = domainCases.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no case ${name}`);
  const { inputs, expected, tolerance } = found;
  return { inputs: inputs as Inputs, expected: expected as Expected, tolerance };
}
