import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeDeployment } from '../../../src/chain/deployment-file.js';
import { circuitIdOf } from '../../../src/commitment/digest.js';
import { attempt } from '../../../src/error/attempt.js';
import type { KeyRecord } from '../../../src/groth16/key-manifest-format.js';
import { keyPaths, sha256 } from '../../../src/groth16/key-manifest.js';
import { parseVerificationKey, verificationKeyHash } from '../../../src/groth16/verification-key.js';
import { parseZkey } from '../../../src/groth16/zkey.js';
import { readServiceConfig, type Environment, type LoadedConfig } from '../../../src/service/config/read-config.js';
import { changeRecord, makeCeremonyKey, replaceByCeremonyKey, type CeremonyKey } from '../../builders/ceremony-key.js';
import type { CompiledTestCircuit } from '../../harness/circuit.js';
import { keyFolder, productCircuit } from '../../groth16/tiny-circuits.js';

export const ADDRESS = '0x5FbDB2315678afecb367f032d93F642f64180aa3';

/** Made once: three contributions take a second. */
let ceremonyKey: Promise<CeremonyKey> | undefined;

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
  vouchFor(vkey: unknown, record?: Partial<KeyRecord>): Promise<void>;
  remove(): Promise<void>;
}

export async function serviceFolder(keysOf: 'ceremony' | 'development'): Promise<ServiceFolder> {
  const circuit = await productCircuit();
  const { keys, remove: removeKeys } = await keyFolder(circuit);
  await chmod(keys, 0o755);
  const folder = await mkdtemp(join(tmpdir(), 'clearproof-config-'));
  const at = (name: string): string => join(folder, name);
  if (keysOf === 'ceremony') await replaceByCeremonyKey(keys, circuit.name, await (ceremonyKey ??= makeCeremonyKey(circuit, ['Ada', 'Zoë', 'Kim'])));
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
    vouchFor: async (value, record = {}) => {
      await writeFile(vkey, JSON.stringify(value));
      const key = attempt(() => parseVerificationKey(value, 'key'));
      const change = key === undefined ? {} : { verificationKeyHash: verificationKeyHash(key) };
      await changeRecord(keys, circuit.name, { vkeySha256: sha256(JSON.stringify(value)), ...change, ...record });
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
  return { ...parseZkey(zkey, 'key').verificationKey, security: 'ceremony' };
}

function deploymentOf(name: string, hash: string): Parameters<typeof writeDeployment>[1] {
  return {
    chainId: 31337n, registry: ADDRESS, gate: ADDRESS, escrow: ADDRESS, vault: undefined, markets: ADDRESS, prices: undefined, omissionChallenges: undefined, poseidon3: ADDRESS, poseidon5: ADDRESS,
    venueId: 7n, fundToken: ADDRESS, deployedInBlock: 1,
    circuits: [{ name, circuitId: circuitIdOf(name), kind: 'batch', verifier: ADDRESS, verificationKeyHash: hash, insecure: false }],
  };
}
