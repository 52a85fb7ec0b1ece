import { join } from 'node:path';
import type { Command } from 'commander';
import { attemptOnDeployment } from '../chain/deployed-verifiers.js';
import { checkManifestSignature } from '../chain/manifest-signature.js';
import { gateFolderKey, requireRebuiltCircuit } from '../groth16/folder-gates.js';
import { NEAR_RELATIONS } from '../groth16/forgery.js';
import type { ForgeryAttempts } from '../groth16/key-gates.js';
import { KeyMissingError, readKeyManifest } from '../groth16/key-manifest.js';
import { loadExpectedVerifier, loadProvingKey } from '../groth16/proving-key.js';
import { isInsecure, verificationKeyHash } from '../groth16/verification-key.js';
import { addKeysSignCommand } from './keys-sign.js';
import { table, type Output } from './output.js';
import { buildPath } from './project.js';
import type { Runner } from './runner.js';
import { reading } from './with-chain.js';

interface KeysOptions {
  readonly keys?: string;
  readonly circuits?: string;
  readonly deployment?: string;
  readonly rpc?: string;
  readonly signer?: string;
}

/** A key that passed. */
interface ShownKey {
  readonly name: string;
  readonly verificationKeyHash: string;
  readonly insecure: boolean;
  readonly security: string;
  readonly forgeries: ForgeryAttempts & { readonly trapdoorForges: boolean };
  /** Whether the constraints were compared with those compiled here. */
  readonly rebuilt: boolean;
  /** Whose signature is over the manifest; undefined where there is none. */
  readonly signedBy: string | undefined;
}

export function addKeysCommand(program: Command, run: Runner): void {
  const keys = program.command('keys');
  keys.description('check every proving key against the manifest, try to forge with it, and show what it is')
    .option('--keys <folder>', 'keys and manifest (default: build/keys)')
    .option('--circuits <folder>', 'circuits that you compiled ("make circuits" writes build/circuits): each key must be of these constraints')
    .option('--deployment <file>', 'addresses, as deploy wrote them: the verifiers\' code must be the manifest\'s and refuse forgeries')
    .option('--rpc <url>', 'JSON-RPC end point of the deployment\'s chain')
    .option('--signer <address>', 'who must have signed the manifest; a signature that is there must be good in any case')
    .addHelpText('after', `
Examples:
  clearproof keys
  clearproof keys --keys ceremony-keys --circuits build/circuits --deployment deployment.json --rpc http://127.0.0.1:8545
Development keys are made by "make keys"; anyone can forge with them.`)
    .action(run(async (output, options: KeysOptions) => {
      const { deployment, rpc } = options;
      if ((deployment === undefined) !== (rpc === undefined)) keys.error('error: --deployment and --rpc need each other');
      const directory = options.keys ?? buildPath('keys');
      const names = Object.keys((await readKeyManifest(directory)).keys).sort();
      if (names.length === 0) throw new KeyMissingError(`${directory} holds no keys: run "make keys", or name the folder with --keys`, { directory });
      const signedBy = await checkManifestSignature(directory, options.signer);
      const shown: ShownKey[] = [];
      for (const name of names) shown.push({ ...await checkedKey(directory, name, options.circuits), signedBy });
      // Looked at before anything is said to hold.
      const deployed = deployment === undefined || rpc === undefined ? undefined : await deployedVerifiers(directory, { deployment, rpc });
      sayKeys(output, shown, options.circuits);
      deployed?.forEach(({ name, target, refused }) => output.say(`${name}: ${target} is the registry's, has the manifest's code, and refused ${refused} forgeries`));
      if (signedBy !== undefined) output.say(`the manifest is signed by ${signedBy}`);
      output.result(deployed === undefined ? shown : { keys: shown, verifiers: deployed });
    }));
  addKeysSignCommand(keys, run);
}

async function checkedKey(directory: string, name: string, circuits: string | undefined): Promise<Omit<ShownKey, 'signedBy'>> {
  // Every file against the manifest, the witness generator too.
  await loadProvingKey(directory, name);
  const { key, record, attempts, trapdoorForges } = await gateFolderKey(directory, name, NEAR_RELATIONS);
  if (circuits !== undefined) await requireRebuiltCircuit(join(circuits, name, `${name}.r1cs`), record, name);
  return {
    name, verificationKeyHash: verificationKeyHash(key), insecure: isInsecure(key), security: key.security, forgeries: { ...attempts, trapdoorForges }, rebuilt: circuits !== undefined,
  };
}

/** What came of forgeries on one deployed verifier. */
interface DeployedVerifier extends ForgeryAttempts {
  readonly name: string;
}

async function deployedVerifiers(directory: string, place: { readonly deployment: string; readonly rpc: string }): Promise<readonly DeployedVerifier[]> {
  return reading(place, async ({ provider }, deployment) => {
    const attempts = await attemptOnDeployment(provider, deployment, deployment.circuits, (name) => loadExpectedVerifier(directory, name));
    return attempts.map((one, index) => ({ name: deployment.circuits[index]?.name ?? '', ...one }));
  });
}

function sayKeys(output: Output, keys: readonly ShownKey[], circuits: string | undefined): void {
  table([
    ['circuit', 'key', 'verification key hash', 'forgeries'],
    ...keys.map((key) => [key.name, key.insecure ? 'INSECURE' : 'ceremony', key.verificationKeyHash, forgeryWords(key.forgeries)]),
  ]).forEach((line) => output.say(line));
  output.say(circuits === undefined ? 'constraints were not compared with sources: name compiled circuits with --circuits' : `every key is of the constraints in ${circuits}`);
}

/** What anybody can do with the key, tried just now. */
function forgeryWords({ refused, trapdoorForges }: ShownKey['forgeries']): string {
  return `${refused} refused${trapdoorForges ? '; FORGED with its public secrets' : ''}`;
}
