import type { Command } from 'commander';
import { signKeyManifest } from '../chain/manifest-signature.js';
import { signerFromFile } from '../chain/wallet.js';
import { fileSha256 } from '../file/file-sha256.js';
import { KeyHashError, keyPaths, KeyMissingError, readKeyManifest } from '../groth16/key-manifest.js';
import type { KeyRecord } from '../groth16/key-manifest-format.js';
import { isLabelledInsecure } from '../groth16/verification-key.js';
import { buildPath } from './project.js';
import type { Runner } from './runner.js';

interface SignOptions {
  readonly keyFile: string;
  /** The command above has this option too, and takes it wherever it stands. */
  readonly keys?: string;
}

/** `clearproof keys sign` */
export function addKeysSignCommand(keys: Command, run: Runner): void {
  const sign = keys.command('sign').description('sign the manifest of a key folder: writes manifest.sig.json beside it, in place of one that is there')
    .requiredOption('--key-file <file>', 'private key, mode 600, of an address that others know as yours')
    .option('--keys <folder>', 'keys and manifest (default: build/keys)')
    .addHelpText('after', '\nExample:\n  clearproof keys sign --keys keys --key-file signing.key\nEvery file is held against the manifest first. What the keys are worth says "clearproof keys": run it before you sign.');
  sign.action(run(async (output, { keyFile }: SignOptions) => {
    const directory = sign.optsWithGlobals<SignOptions>().keys ?? buildPath('keys');
    const signer = await signerFromFile(keyFile);
    const records = Object.entries((await readKeyManifest(directory)).keys);
    if (records.length === 0) throw new KeyMissingError(`${directory} holds no keys: run "make keys", or name the folder with --keys`, { directory });
    for (const [name, record] of records) await requireFiles(directory, name, record);
    const { address, manifest, manifestSha256 } = await signKeyManifest(directory, signer);
    const insecure = Object.entries(manifest.keys).filter(([, record]) => isLabelledInsecure(record)).map(([name]) => name);
    output.say(`${address} signed ${keyPaths.manifest(directory)} with ${Object.keys(manifest.keys).length} keys (SHA-256 ${manifestSha256})`);
    if (insecure.length > 0) output.say(`INSECURE, whoever signs: ${insecure.join(', ')}`);
    output.result({ address, manifestSha256, signature: keyPaths.signature(directory), circuits: Object.keys(manifest.keys).sort(), insecure });
  }));
}

/** The files of one key are those that are signed for. A proving key may have gigabytes: it is hashed as it is read. */
async function requireFiles(directory: string, name: string, { zkeySha256, vkeySha256, wasmSha256 }: KeyRecord): Promise<void> {
  for (const [file, expected] of [[keyPaths.zkey(directory, name), zkeySha256], [keyPaths.vkey(directory, name), vkeySha256], [keyPaths.wasm(directory, name), wasmSha256]] as const) {
    const actual = await fileSha256(file).catch((cause: unknown) => {
      throw new KeyMissingError(`${file} cannot be read: sign a whole folder`, { file }, { cause });
    });
    if (actual !== expected) throw new KeyHashError(`${file} is not the file in the manifest (SHA-256 ${actual}, expected ${expected}): sign neither`, { file, actual, expected });
  }
}
