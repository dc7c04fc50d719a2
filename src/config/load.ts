/** Loads a config file: YAML, `${NAME}` filled in, parsed once; every fault with its path, what was found, what is allowed. */
import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import type { z } from 'zod';
import { crossChecks } from './crossChecks.ts';
import type { Fault } from './fault.ts';
import { type Config, configSchema } from './schema.ts';

export type LoadedConfig =
  | { readonly kind: 'valid'; readonly config: Config }
  | { readonly kind: 'invalid'; readonly faults: readonly Fault[] };

type Environment = Readonly<Record<string, string | undefined>>;

/** The variables of this process: read here and nowhere else. */
export const environmentOfProcess: Environment = process.env;

export function loadConfig(
  file: string,
  environment: Environment = environmentOfProcess,
): LoadedConfig {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    return invalid([{ path: file, found: code, allowed: 'a readable file; see `config init`' }]);
  }
  return parseConfig(text, environment);
}

export function parseConfig(text: string, environment: Environment): LoadedConfig {
  const document = parseDocument(text);
  if (document.errors.length > 0) {
    return invalid(
      document.errors.map((error) => ({
        path: `line ${error.linePos?.[0].line ?? '?'}`,
        found: error.message.split('\n')[0] ?? 'a syntax error',
        allowed: 'YAML or JSON',
      })),
    );
  }
  const faults: Fault[] = [];
  const raw = fillIn(document.toJS(), [], environment, faults);
  const parsed = configSchema.safeParse(raw);
  if (!parsed.success) {
    // What a missing variable leaves in a place is wrong there only because it is missing.
    const missing = new Set(faults.map(({ path }) => path));
    const others = parsed.error.issues.flatMap((issue) => faultsOf(issue, raw));
    return invalid([...faults, ...others.filter(({ path }) => !missing.has(path))]);
  }
  const all = [...faults, ...crossChecks(parsed.data)];
  return all.length > 0 ? invalid(all) : { kind: 'valid', config: parsed.data };
}

const invalid = (faults: readonly Fault[]): LoadedConfig => ({ kind: 'invalid', faults });

/** Replaces `${NAME}` in every string; a missing variable is a fault. */
function fillIn(
  value: unknown,
  path: readonly string[],
  environment: Environment,
  faults: Fault[],
): unknown {
  if (typeof value === 'string') {
    return value.replaceAll(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (whole, name: string) => {
      const filled = environment[name];
      if (filled !== undefined) return filled;
      faults.push({
        path: path.join('.'),
        found: whole,
        allowed: `the environment variable ${name}, which is not set`,
      });
      return whole;
    });
  }
  if (Array.isArray(value)) {
    return value.map((item, index) => fillIn(item, [...path, String(index)], environment, faults));
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        key,
        fillIn(item, [...path, key], environment, faults),
      ]),
    );
  }
  return value;
}

function faultsOf(issue: z.core.$ZodIssue, raw: unknown): readonly Fault[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: [...path, key].join('.'),
      found: 'an unknown key',
      allowed: 'the keys of `config schema`',
    }));
  }
  const value = path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null
        ? (inner as Record<string, unknown>)[key]
        : undefined,
    raw,
  );
  return [
    {
      path: path.join('.') || '(the whole file)',
      found: value === undefined ? 'nothing' : (JSON.stringify(value) ?? 'nothing').slice(0, 120),
      allowed: issue.message,
    },
  ];
}
