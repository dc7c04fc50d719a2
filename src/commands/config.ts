/** `config check`, `config schema`, `config init`: validate, document, begin. */
import { existsSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { Command } from 'commander';
import { z } from 'zod';
import { loadConfig } from '../config/load.ts';
import { configSchema } from '../config/schema.ts';
import { readConfig } from './withConfig.ts';

export const configCommands = (): Command =>
  new Command('config')
    .description('validate a config, print its schema, write a first one')
    .addCommand(checkCommand())
    .addCommand(schemaCommand())
    .addCommand(initCommand());

const checkCommand = (): Command =>
  new Command('check')
    .description('validate a config file; every fault is listed')
    .argument('<file>', 'the config file')
    .option('--json', 'print one JSON document and nothing else')
    .action((file: string, options: { readonly json?: boolean }) => {
      const config = readConfig({ config: file, ...options });
      if (config === null) return;
      const summary = `${file} is valid: portfolio ${config.portfolio}, ${config.legs.length} legs at ${Object.keys(config.venues).join(', ')}`;
      process.stdout.write(
        options.json ? `${JSON.stringify({ kind: 'valid' })}\n` : `${summary}\n`,
      );
    });

const schemaCommand = (): Command =>
  new Command('schema').description('print the JSON Schema, defaults included').action(() => {
    const schema = z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' });
    process.stdout.write(`${JSON.stringify(schema, null, 2)}\n`);
  });

const initCommand = (): Command =>
  new Command('init')
    .description('ask a few questions and write a first config')
    .option('--out <file>', 'file to write', 'config/my.yaml')
    .action(async ({ out }: { readonly out: string }) => {
      if (existsSync(out)) {
        process.stderr.write(`${out} exists; choose another with --out\n`);
        process.exitCode = 2;
        return;
      }
      const text = await asked();
      writeFileSync(out, text, { mode: 0o600 });
      const loaded = loadConfig(out);
      const faults = loaded.kind === 'valid' ? [] : loaded.faults;
      for (const { path, found, allowed } of faults) {
        process.stderr.write(`${path}: found ${found}; allowed: ${allowed}\n`);
      }
      process.stdout.write(`wrote ${out}; next: npx equipoise doctor --config ${out}\n`);
      if (faults.length > 0) process.exitCode = 2;
    });

/** Questions with defaults; end of input takes the defaults that are left. */
async function asked(): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  let isOpen = true;
  terminal.once('close', () => {
    isOpen = false;
  });
  const ask = async (question: string, otherwise: string): Promise<string> => {
    if (!isOpen) return otherwise;
    const ended = new AbortController();
    const stop = (): void => ended.abort();
    terminal.once('close', stop);
    try {
      const said = await terminal.question(`${question} [${otherwise}] `, {
        signal: ended.signal,
      });
      return said.trim() === '' ? otherwise : said.trim();
    } catch {
      return otherwise;
    } finally {
      terminal.off('close', stop);
    }
  };
  const portfolio = await ask('name of the portfolio', 'main');
  const exchange = await ask('exchange (a ccxt id)', 'bybit');
  const environment = await ask('environment: simulated, testnet, demo', 'simulated');
  const coins = await ask('perpetuals, comma-separated', 'BTC,ETH,SOL');
  const volatility = await ask('target volatility a year', '0.10');
  const leverage = await ask('gross leverage at most', '2');
  terminal.close();
  const place =
    environment === 'simulated'
      ? 'endpoint: http://127.0.0.1:9701'
      : `credentialsEnv: ${exchange.toUpperCase()}`;
  const legs = coins
    .split(',')
    .map((coin) => coin.trim().toUpperCase())
    .map(
      (coin) =>
        `  - { id: ${coin.toLowerCase()}, kind: perpetual, venue: ${exchange}, symbol: ${coin}/USDT:USDT }`,
    );
  return [
    `portfolio: ${portfolio}`,
    `dataDir: var/${portfolio}`,
    'venues:',
    `  ${exchange}: { exchange: ${exchange}, environment: ${environment}, ${place} }`,
    ...(environment === 'simulated' ? ['simulator: { seed: 1 }'] : []),
    'legs:',
    ...legs,
    `sizing: { targetVolatilityAnnual: ${volatility}, grossLeverageMax: ${leverage} }`,
    "rebalance: { cron: '0 */8 * * *', onStart: true }",
    '',
  ].join('\n');
}
