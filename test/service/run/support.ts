import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { writeDeployment } from '../../../src/chain/deployment-file.js';
import { circuitKindOf, type CircuitKind } from '../../../src/chain/deployment.js';
import { circuitIdOf } from '../../../src/commitment/digest.js';
import { readCircuitList } from '../../../src/groth16/circuit-list.js';
import { loadVerificationKey } from '../../../src/groth16/proving-key.js';
import { verificationKeyHash } from '../../../src/groth16/verification-key.js';
import { requireFit, type CheckedConfig } from '../../../src/service/config/check-config.js';
import { readServiceConfig } from '../../../src/service/config/read-config.js';
import type { Program } from '../../../src/service/run/service-parts.js';
import { ADDRESS, type ConfigJson } from '../config/support.js';

/** Made by `make keys`. */
const KEYS = resolve('build/keys');
export const CIRCUITS = ['solvency-batch-n16-k3-s2', 'solvency-close-u16-s2'] as const;

/** A folder that a service of the test circuits starts from, without a chain. */
export interface RunFolder {
  readonly file: string;
  readonly log: string[];
  readonly program: Program;
  check(environment?: Readonly<Record<string, string>>): Promise<CheckedConfig>;
  remove(): Promise<void>;
}

/** @param change fields over those of a service that only answers */
export async function runFolder(change: ConfigJson = {}): Promise<RunFolder> {
  const folder = await mkdtemp(join(tmpdir(), 'clearproof-run-'));
  await chmod(folder, 0o700);
  const file = join(folder, 'service.json');
  const circuits = await Promise.all(CIRCUITS.map(async (name) => ({
    name, circuitId: circuitIdOf(name), kind: circuitKindOf(name) as CircuitKind, verifier: ADDRESS, insecure: true,
    verificationKeyHash: verificationKeyHash(await loadVerificationKey(KEYS, name)),
  })));
  await writeDeployment(join(folder, 'deployment.json'), {
    chainId: 31337n, registry: ADDRESS, gate: ADDRESS, escrow: ADDRESS, vault: undefined, markets: ADDRESS, prices: undefined, omissionChallenges: undefined, poseidon3: ADDRESS, poseidon5: ADDRESS,
    venueId: 7n, fundToken: ADDRESS, deployedInBlock: 1, circuits,
  });
  await writeFile(file, JSON.stringify({
    formatVersion: '1', mode: 'development', keysFolder: KEYS, venue: { deploymentFile: 'deployment.json', circuits: CIRCUITS }, api: { port: '0' }, worker: { processes: '0' }, ...change,
  }));
  const log: string[] = [];
  const note = (level: string) => (event: string, fields: object): void => void log.push(`${level} ${event} ${JSON.stringify(fields)}`);
  return {
    file, log,
    program: { version: 'clearproof 0.0.0-test', catalogue: await readCircuitList(), log: { info: note('info'), warn: note('warn'), error: note('error') } },
    check: async (environment = {}) => requireFit(await readServiceConfig({ file, environment, workingFolder: folder })),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
