import type { Command } from 'commander';
import { pinOf } from '../../service/run/pin-of.js';
import { findPin, repin } from '../../store/pins.js';
import type { Runner } from '../runner.js';
import { withConfig } from './config-command.js';
import { openLocal } from './connect.js';

/** `clearproof service pin`: on the store alone, for it is this host's program and keys that are pinned. */
export function addPinCommand(service: Command, run: Runner): void {
  withConfig(service.command('pin').description('pin the store to this program and these keys, when no epoch is under way; workers with others are refused from then on'))
    .option('--show', 'show what the store is pinned to, and change nothing')
    .addHelpText('after', '\nExamples:\n  clearproof service pin --config service.json\n  clearproof service pin --show --config service.json')
    .action(run(async (output, options: { readonly config?: string; readonly show?: boolean }) => {
      const parts = await openLocal(options);
      try {
        const { store: { database } } = parts;
        const mine = await pinOf(parts);
        if (options.show !== true) await database.transaction((sql) => repin(sql, mine));
        const pinned = await findPin(database);
        const same = pinned?.program === mine.program && pinned.manifestSha256 === mine.manifestSha256;
        output.say(pinned === undefined ? 'not pinned yet: the first service that starts pins it' : `pinned to ${pinned.program}, keys ${pinned.manifestSha256}${same ? ', which this host has' : ', which this host has NOT'}`);
        output.result({ pinned: pinned ?? null, mine });
      } finally {
        await parts.close();
      }
    }));
}
