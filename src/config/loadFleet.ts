/**
 * Several config files, or folders of them, for one process: each valid by itself, and together one set of portfolios that
 * share a database and a queue and nothing else.
 */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Fault } from './fault.ts';
import { loadConfig } from './load.ts';
import type { Config } from './schema.ts';

export type LoadedFleet =
  | { readonly kind: 'valid'; readonly configs: readonly [Config, ...Config[]] }
  /** Where there are several files, paths begin with theirs. */
  | { readonly kind: 'invalid'; readonly faults: readonly Fault[] };

type Named = { readonly file: string; readonly config: Config };

const extensions = ['.yaml', '.yml', '.json'];

/** @param places files, and folders whose config files are taken in the order of their names. */
export function loadFleet(places: readonly string[]): LoadedFleet {
  const faults: Fault[] = [];
  const named: Named[] = [];
  const files = places.flatMap(filesIn);
  const inFile = (file: string) => (files.length > 1 ? `${file}: ` : '');
  for (const file of files) {
    const loaded = loadConfig(file);
    if (loaded.kind === 'valid') named.push({ file, config: loaded.config });
    else
      faults.push(...loaded.faults.map((one) => ({ ...one, path: `${inFile(file)}${one.path}` })));
  }
  const [first, ...rest] = named;
  if (first === undefined && faults.length === 0) {
    const allowed = 'a file, or a folder with at least one .yaml, .yml or .json file';
    faults.push({ path: '--config', found: places.join(' '), allowed });
  }
  faults.push(...sharingFaults(named));
  return first === undefined || faults.length > 0
    ? { kind: 'invalid', faults }
    : { kind: 'valid', configs: [first.config, ...rest.map((one) => one.config)] };
}

function filesIn(place: string): readonly string[] {
  if (statSync(place, { throwIfNoEntry: false })?.isDirectory() !== true) return [place];
  return readdirSync(place)
    .filter((name) => extensions.some((extension) => name.endsWith(extension)))
    .sort()
    .map((name) => join(place, name));
}

function sharingFaults(named: readonly Named[]): readonly Fault[] {
  const [first] = named;
  if (first === undefined) return [];
  const portfolios = new Map<string, string>();
  const accounts = new Map<string, string>();
  return named.flatMap(({ file, config }) => {
    const faults: Fault[] = [];
    const fault = (path: string, found: string, allowed: string) =>
      void faults.push({ path: `${file}: ${path}`, found, allowed });
    for (const key of ['database', 'queue'] as const) {
      if (config[key] !== first.config[key]) {
        fault(key, 'another one', `the ${key} of ${first.file}: they share one`);
      }
    }
    if (config.database === 'embedded' && config.dataDir !== first.config.dataDir) {
      fault('dataDir', config.dataDir, `the dataDir of ${first.file}: the database lies in it`);
    }
    const other = portfolios.get(config.portfolio);
    if (other !== undefined) fault('portfolio', config.portfolio, `a name that ${other} has not`);
    portfolios.set(config.portfolio, file);
    for (const [id, venue] of Object.entries(config.venues)) {
      const account = accountOf(venue);
      const owner = accounts.get(account);
      if (owner !== undefined && owner !== file) {
        fault(`venues.${id}`, account, `an account of its own: ${owner} trades this one`);
      }
      accounts.set(account, file);
    }
    return faults;
  });
}

/** What tells one account from another without reading a key. */
const accountOf = (venue: Config['venues'][string]): string =>
  [
    venue.exchange,
    venue.environment,
    venue.endpoint ?? '',
    venue.credentialsFile ?? venue.credentialsEnv ?? 'the simulator’s own key',
  ].join(' ');
