import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeDeployment } from '../../../src/chain/deployment-file.js';
import { circuitIdOf } from '../../../src/commitment/digest.js';
import { provingKeyFromTrapdoor } from '../../../src/groth16/development-setup/development-setup.js';
import type { KeyRecord } from '../../../src/groth16/key-manifest-format.js';
import { keyPaths, readKeyManifest, sha256 } from '../../../src/groth16/key-manifest.js';
import { parseR1cs } from '../../../src/groth16/r1cs.js';
import { verificationKeyHash, verificationKeyToJson } from '../../../src/groth16/verification-key.js';
import { parseZkey } from '../../../src/groth16/zkey.js';
import { readServiceConfig, type Environment, type LoadedConfig } from '../../../src/service/config/read-config.js';
import type { CompiledTestCircuit } from '../../harness/circuit.js';
import { keyFolder, productCircuit } from '../../groth16/tiny-circuits.js';

export const ADDRESS = '0x5FbDB2315678afecb367f032d93F642f64180aa3';
export const CEREMONY = 'ceremony of this test, three contributions';
const SECRET_TRAPDOOR = { tau: 5n, alpha: 6n, beta: 7n, delta: 11n };

export type ConfigJson = Readonly<Record<string, unknown>>;

/** A venue's folder with everything a service starts from: keys of one small circuit, deployment, secrets. */
export interface ServiceFolder {
  readonly folder: string;
  readonly circuit: CompiledTestCircuit;
  readonly keys: string;
  /** Valid for production with keys of a ceremony, for development with the others. */
  readonly json: ConfigJson;
  at(name: string): string;
  /** Writes service.json and reads it. */
  load(json?: ConfigJson, environment?: Environment): Promise<LoadedConfig>;
  /** Replaces the verification key; the manifest vouches for it. */
  vouchFor(vkey: unknown): Promise<void>;
  remove(): Promise<void>;
}

export async function serviceFolder(keysOf: 'ceremony' | 'development'): Promise<ServiceFolder> {
  const circuit = await productCircuit();
  const { keys, remove: removeKeys } = await keyFolder(circuit);
  await chmod(keys, 0o755);
  const folder = await mkdtemp(join(tmpdir(), 'clearproof-config-'));
  const at = (name: string): string => join(folder, name);
  if (keysOf === 'ceremony') await replaceByCeremony(keys, circuit);
  const vkey = keyPaths.vkey(keys, circuit.name);
  await writeDeployment(at('deployment.json'), deploymentOf(circuit.name, verificationKeyHash(parseVkey(await readFile(keyPaths.zkey(keys, circuit.name))))));
  await writeFile(at('venue.key'), 'ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80\n', { mode: 0o600 });
  await writeFile(at('rpc.url'), 'http://127.0.0.1:1/rpc-canary\n', { mode: 0o600 });
  await mkdir(at('data'), { mode: 0o700 });
  const json: ConfigJson = {
    formatVersion: '1',
    mode: keysOf === 'ceremony' ? 'production' : 'development',
    keysFolder: keys,
    venue: { deploymentFile: 'deployment.json', circuits: [circuit.name] },
    chain: { rpcUrlFile: 'rpc.url', publisherKeyFile: 'venue.key' },
  };
  return {
    folder, circuit, keys, json, at,
    load: async (changed = json, environment = {}) => {
      await writeFile(at('service.json'), JSON.stringify(changed));
      return readServiceConfig({ file: at('service.json'), environment, workingFolder: folder });
    },
    vouchFor: async (value) => {
      await writeFile(vkey, JSON.stringify(value));
      await writeRecord(keys, circuit.name, { vkeySha256: sha256(JSON.stringify(value)) });
    },
    remove: async () => {
      await removeKeys();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export function withSection(json: ConfigJson, section: string, fields: ConfigJson): ConfigJson {
  return { ...json, [section]: { ...(json[section] as ConfigJson | undefined), ...fields } };
}

function parseVkey(zkey: Uint8Array): Parameters<typeof verificationKeyHash>[0] {
  return { ...parseZkey(zkey, 'key').verificationKey, security: CEREMONY };
}

async function replaceByCeremony(keys: string, circuit: CompiledTestCircuit): Promise<void> {
  const zkey = await provingKeyFromTrapdoor(parseR1cs(await readFile(circuit.r1cs), circuit.r1cs), SECRET_TRAPDOOR);
  const vkey = JSON.stringify(verificationKeyToJson(parseVkey(zkey)));
  await writeFile(keyPaths.zkey(keys, circuit.name), zkey);
  await writeFile(keyPaths.vkey(keys, circuit.name), vkey);
  await writeRecord(keys, circuit.name, { zkeySha256: sha256(zkey), vkeySha256: sha256(vkey), security: CEREMONY });
}

async function writeRecord(keys: string, name: string, change: Partial<KeyRecord>): Promise<void> {
  const { keys: records } = await readKeyManifest(keys);
  await writeFile(keyPaths.manifest(keys), JSON.stringify({ version: 1, keys: { ...records, [name]: { ...records[name], ...change } } }));
}

function deploymentOf(name: string, hash: string): Parameters<typeof writeDeployment>[1] {
  return {
    chainId: 31337n, registry: ADDRESS, gate: ADDRESS, escrow: ADDRESS, vault: undefined, markets: ADDRESS, prices: undefined, omissionChallenges: undefined, poseidon3: ADDRESS, poseidon5: ADDRESS,
    venueId: 7n, fundToken: ADDRESS, deployedInBlock: 1,
    circuits: [{ name, circuitId: circuitIdOf(name), kind: 'batch', verifier: ADDRESS, verificationKeyHash: hash, insecure: false }],
  };
}
