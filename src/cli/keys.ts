import type { Command } from 'commander';
import { checkManifestSignature } from '../chain/manifest-signature.js';
import { requireRecordedContributions } from '../groth16/ceremony-gate.js';
import { forgeWithKnownTrapdoor } from '../groth16/development-setup/trapdoor-forgery.js';
import { attemptedSignals, NEAR_RELATIONS } from '../groth16/forgery.js';
import { KnownTrapdoorError, passKeyGates } from '../groth16/key-gates.js';
import { KeyMissingError, keyPaths, readKeyManifest, requireRecord } from '../groth16/key-manifest.js';
import { loadProvingKey } from '../groth16/proving-key.js';
import { isInsecure, verificationKeyHash } from '../groth16/verification-key.js';
import { verifyProof } from '../groth16/verify.js';
import { addKeysSignCommand } from './keys-sign.js';
import { table } from './output.js';
import { buildPath } from './project.js';
import type { Runner } from './runner.js';

export function addKeysCommand(program: Command, run: Runner): void {
  const command = program.command('keys')
    .description('check every proving key against the manifest and show what it is')
    .option('--keys <folder>', 'keys and manifest (default: build/keys)')
    .option('--signer <address>', 'who must have signed the manifest')
    .addHelpText('after', '\nExample:\n  clearproof keys\nDevelopment keys are made by "make keys"; anyone can forge with them.')
    .action(run(async (output, options: { keys?: string; signer?: string }) => {
      const directory = options.keys ?? buildPath('keys');
      const manifest = await readKeyManifest(directory);
      if (Object.keys(manifest.keys).length === 0) throw new KeyMissingError(`${directory} holds no keys: run "make keys", or name the folder with --keys`, { directory });
      const signedBy = await checkManifestSignature(directory, options.signer);
      const keys = [];
      for (const name of Object.keys(manifest.keys).sort()) {
        const { verificationKey, zkey, zkeyFile } = await loadProvingKey(directory, name);
        const { refused, controls } = await passKeyGates(verificationKey, keyPaths.vkey(directory, name), NEAR_RELATIONS);
        const record = requireRecord(manifest, directory, name);
        if (record.ceremony !== undefined) await requireRecordedContributions({ circuit: name, record }, zkey, zkeyFile);
        const signals = attemptedSignals(verificationKey);
        const forged = await forgeWithKnownTrapdoor(verificationKey, signals, record.r1csSha256);
        const trapdoorForges = forged !== undefined && await verifyProof(verificationKey, signals, forged);
        if (trapdoorForges && !isInsecure(verificationKey)) throw new KnownTrapdoorError(`the key of ${name} was made from public secrets and does not say so: anyone can forge with it`, { key: name });
        keys.push({ forgeries: { refused, controls, trapdoorForges }, name, signedBy, verificationKeyHash: verificationKeyHash(verificationKey), insecure: isInsecure(verificationKey), security: verificationKey.security });
      }
      table([
          ['circuit', 'key', 'verification key hash', 'forgeries'],
          ...keys.map((key) => [key.name, key.insecure ? 'INSECURE' : 'ceremony', key.verificationKeyHash, forgeryWords(key.forgeries)]),
        ])
        .forEach((line) => output.say(line));
      if (signedBy !== undefined) output.say(`the manifest is signed by ${signedBy}`);
      output.result(keys);
    }));
  addKeysSignCommand(command, run);
}

/** What anybody can do with the key, tried just now. */
function forgeryWords({ refused, trapdoorForges }: { readonly refused: number; readonly trapdoorForges: boolean }): string {
  return `${refused} refused${trapdoorForges ? '; FORGED with its public secrets' : ''}`;
}
