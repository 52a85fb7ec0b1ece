import type { Command } from 'commander';
import { KeyMissingError, readKeyManifest } from '../groth16/key-manifest.js';
import { loadProvingKey } from '../groth16/proving-key.js';
import { isInsecure, verificationKeyHash } from '../groth16/verification-key.js';
import { table } from './output.js';
import { buildPath } from './project.js';
import type { Runner } from './runner.js';

export function addKeysCommand(program: Command, run: Runner): void {
  program.command('keys')
    .description('check every proving key against the manifest and show what it is')
    .option('--keys <folder>', 'keys and manifest (default: build/keys)')
    .addHelpText('after', '\nExample:\n  clearproof keys\nDevelopment keys are made by "make keys"; anyone can forge with them.')
    .action(run(async (output, options: { keys?: string }) => {
      const directory = options.keys ?? buildPath('keys');
      const manifest = await readKeyManifest(directory);
      if (Object.keys(manifest.keys).length === 0) throw new KeyMissingError(`${directory} holds no keys: run "make keys", or name the folder with --keys`, { directory });
      const keys = [];
      for (const name of Object.keys(manifest.keys).sort()) {
        const { verificationKey } = await loadProvingKey(directory, name);
        keys.push({ name, verificationKeyHash: verificationKeyHash(verificationKey), insecure: isInsecure(verificationKey), security: verificationKey.security });
      }
      table([['circuit', 'key', 'verification key hash'], ...keys.map((key) => [key.name, key.insecure ? 'INSECURE' : 'ceremony', key.verificationKeyHash])])
        .forEach((line) => output.say(line));
      output.result(keys);
    }));
}
