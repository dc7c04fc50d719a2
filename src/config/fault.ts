/** A fault of a config: where, what was found, what is allowed. */
export type Fault = { readonly path: string; readonly found: string; readonly allowed: string };

export const found = (value: unknown): string =>
  value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 120);
