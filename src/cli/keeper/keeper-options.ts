import type { Command } from 'commander';
import { parseKeeperConfig } from '../../keeper/keeper-config-format.js';
import type { KeeperConfig } from '../../keeper/keeper-config.js';
import { resolve } from 'node:path';
import { readText } from '../files.js';
import { withChain, type ChainOptions } from '../with-chain.js';

/** Options of the keeper's commands. */
export interface KeeperOptions extends ChainOptions {
  readonly config: string;
  readonly dryRun?: boolean;
}

export function withKeeper(command: Command): Command {
  return withChain(command)
    .requiredOption('--config <file>', 'what the keeper does: docs/formats.md')
    .option('--dry-run', 'rehearse everything and send nothing, whatever the configuration says');
}

/** @throws FileReadError, and the errors of the configuration */
export async function keeperConfigOf({ config: file, dryRun }: KeeperOptions): Promise<KeeperConfig> {
  const config = parseKeeperConfig(await readText(file), resolve(file));
  return dryRun === true ? { ...config, dryRun } : config;
}
