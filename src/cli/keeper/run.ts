import { mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Command } from 'commander';
import { lockFile } from '../../file/file-lock.js';
import { walletFromFile } from '../../chain/wallet.js';
import { jsonLines } from '../../keeper/keeper-log.js';
import { KeeperMetricsListener } from '../../keeper/metrics-listener.js';
import type { Output } from '../output.js';
import type { Runner } from '../runner.js';
import { untilStopped } from '../until-stopped.js';
import { reading } from '../with-chain.js';
import { keeperConfigOf, withKeeper, type KeeperOptions } from './keeper-options.js';
import { readyKeeper } from './start-keeper.js';

interface RunOptions extends KeeperOptions {
  readonly once?: boolean;
}

export function addKeeperRun(keeper: Command, run: Runner): void {
  withKeeper(keeper.command('run').description('watch and act until told to stop; SIGTERM ends it after the action in hand'))
    .option('--once', 'look once, act, and end: for a timer, or to see what it would do')
    .addHelpText('after', `
Example:
  clearproof keeper run --config keeper.json --deployment deployment.json --rpc http://127.0.0.1:8545 --key-file keeper.key

A line of JSON on standard error for everything it does. It holds no lock on the venue: run as many as you like, each with a state file and a key of its own.`)
    .action(run(async (output, options: RunOptions) => {
      const config = await keeperConfigOf(options);
      await mkdir(dirname(config.stateFile), { recursive: true });
      // Two processes with one state would overwrite what the other remembers.
      const unlock = await lockFile(join(dirname(config.stateFile), `.${basename(config.stateFile)}.lock`));
      try {
        await reading(options, async ({ provider }, deployment) => {
          const signer = await walletFromFile(options.keyFile, provider);
          const log = jsonLines((line) => void process.stderr.write(line), () => Date.now());
          const ready = await readyKeeper({ config, deployment, provider, signer, log });
          const { keeper } = ready;
          const listener = config.metricsPort === undefined ? undefined : await KeeperMetricsListener.start(ready.metrics, config.metricsPort).catch(async (thrown: unknown) => {
            await ready.close();
            throw thrown;
          });
          log.info('keeper-started', { keeper: signer.address, venueId: deployment.venueId, dryRun: config.dryRun });
          try {
            await untilStopped((stop) => (options.once === true ? keeper.look(stop) : keeper.run(stop)));
          } finally {
            await listener?.close();
            await ready.close();
          }
          told(output, options.once === true);
        });
      } finally {
        await unlock();
      }
    }));
}

function told(output: Output, once: boolean): void {
  output.say(once ? 'looked once' : 'stopped');
  output.result({ stopped: true });
}
