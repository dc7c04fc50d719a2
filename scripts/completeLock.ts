/**
 * Completes package-lock.json with the optional platform packages that the machine which wrote it could not see.
 *
 * A registry mirror may carry the binaries of one platform only; npm then leaves the others out of the lock and
 * `npm ci` refuses it. Each missing optional dependency is entered with the platform that its name states.
 * Run after every `npm install`: `npx tsx scripts/completeLock.ts`.
 */
import { readFileSync, writeFileSync } from 'node:fs';

type LockEntry = {
  version?: string;
  resolved?: string;
  dev?: boolean;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
};
type Lock = { packages: Record<string, LockEntry> };

const platforms = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32', 'windows'];
const processors = [
  'arm64',
  'arm',
  'ia32',
  'loong64',
  'mips64el',
  'ppc64',
  'riscv64',
  's390x',
  'wasm32',
  'x64',
];

/** The os, cpu and libc that a platform package's name states, e.g. cli-linux-x64-musl. */
function platformOf(name: string): Pick<LockEntry, 'os' | 'cpu' | 'libc'> {
  const words = name.split('/').at(-1)?.split(/[-_]/) ?? [];
  const os = platforms.find((platform) => words.includes(platform));
  const cpu = processors.find((processor) => words.includes(processor));
  const sunos = words.includes('sunos')
    ? 'sunos'
    : words.find((word) => /^(net|open)bsd$|^aix$/.test(word));
  return {
    ...(os ? { os: [os === 'windows' ? 'win32' : os] } : sunos ? { os: [sunos] } : {}),
    ...(cpu ? { cpu: [cpu] } : {}),
    ...(words.includes('musl')
      ? { libc: ['musl'] }
      : words.includes('gnu')
        ? { libc: ['glibc'] }
        : {}),
  };
}

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as Lock;
let added = 0;
for (const entry of Object.values({ ...lock.packages })) {
  delete entry.resolved;
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const path = `node_modules/${name}`;
    if (lock.packages[path] !== undefined) continue;
    lock.packages[path] = {
      version: version.replace(/^[~^]/, ''),
      ...platformOf(name),
      ...(entry.dev ? { dev: true } : {}),
      optional: true,
    };
    added += 1;
  }
}
const sorted = Object.fromEntries(
  Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)),
);
writeFileSync('package-lock.json', `${JSON.stringify({ ...lock, packages: sorted }, null, 2)}\n`);
process.stdout.write(`${added} optional platform packages entered\n`);
