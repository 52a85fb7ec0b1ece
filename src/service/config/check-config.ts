import { readDeployment } from '../../chain/deployment-file.js';
import type { Deployment } from '../../chain/deployment.js';
import { ClearproofError } from '../../error/clearproof-error.js';
import { chooseProver, type ChosenProver } from '../../groth16/prover-choice.js';
import { checkDatabaseTransport, checkListener, checkModes, checkPublication } from './check-exposure.js';
import { checkConfiguredKeys, type CheckedKey } from './check-keys.js';
import type { LoadedConfig } from './read-config.js';
import type { ServiceConfig } from './schema.js';

/** What a process needs that starts from a configuration: read, and found fit. */
export interface CheckedConfig extends LoadedConfig {
  readonly deployment: Deployment;
  readonly keys: readonly CheckedKey[];
  readonly prover: ChosenProver;
}

/** Everything that can be told without database and chain; the first thing that is wrong is thrown. Nothing starts without it. */
export async function requireFit(loaded: LoadedConfig): Promise<CheckedConfig> {
  const { config } = loaded;
  checkListener(config);
  checkDatabaseTransport(config);
  checkPublication(config);
  await checkModes(loaded);
  const deployment = await readDeployment(config.venue.deploymentFile);
  return { ...loaded, deployment, keys: await checkConfiguredKeys(config, deployment), prover: await configuredProver(config) };
}

/** @throws NativeProgramError, NativeProgramDiedError when the native prover is asked for and does not work */
function configuredProver({ keysFolder, worker: { proverProgram, proofSeconds } }: ServiceConfig): Promise<ChosenProver> {
  return chooseProver(keysFolder, proverProgram, proofSeconds * 1000);
}

/** One look at something: says what it found, or throws the reason of the refusal. */
export interface Check {
  readonly name: string;
  readonly look: () => Promise<string>;
}

export interface CheckResult {
  readonly check: string;
  readonly ok: boolean;
  /** What was found, or what is wrong and how to right it. */
  readonly detail: string;
  /** Of the error; undefined when ok. */
  readonly code?: string;
}

/** The parts of requireFit one by one, so that an operator sees all that is wrong at once. */
export function fitnessChecks(loaded: LoadedConfig): readonly Check[] {
  const { config } = loaded;
  const { api, store, chain, mode } = config;
  return [
    { name: 'listener', look: () => now(() => checkListener(config), `http://${api.host}:${api.port}`) },
    { name: 'database transport', look: () => now(() => checkDatabaseTransport(config), store.url === undefined ? 'embedded' : `TLS ${store.tls}`) },
    { name: 'publication', look: () => now(() => checkPublication(config), chain.publisherKeyFile === undefined ? 'not by this process' : 'end point and key are set') },
    { name: 'file modes', look: async () => (await checkModes(loaded), `fit for ${mode}`) },
    { name: 'deployment', look: async () => deploymentLine(await readDeployment(config.venue.deploymentFile)) },
    { name: 'prover', look: async () => (await configuredProver(config)).says },
    { name: 'keys', look: async () => keysLine(await checkConfiguredKeys(config, await readDeployment(config.venue.deploymentFile))) },
  ];
}

/** Runs all checks, one after another, whatever the others say. */
export async function runChecks(checks: readonly Check[]): Promise<readonly CheckResult[]> {
  const results: CheckResult[] = [];
  for (const { name, look } of checks) {
    try {
      results.push({ check: name, ok: true, detail: await look() });
    } catch (error) {
      // Anything else is a defect of this program, and shall be seen as one.
      if (!(error instanceof ClearproofError)) throw error;
      results.push({ check: name, ok: false, detail: error.message, code: error.code });
    }
  }
  return results;
}

function now(check: () => void, found: string): Promise<string> {
  return Promise.resolve().then(check).then(() => found);
}

function deploymentLine({ chainId, registry, venueId, circuits }: Deployment): string {
  return `venue ${venueId} at registry ${registry} on chain ${chainId}, ${circuits.length} circuits`;
}

function keysLine(keys: readonly CheckedKey[]): string {
  const insecure = keys.filter((key) => key.insecure).length;
  return `${keys.length} keys are those of manifest and registry${insecure === 0 ? '' : `; ${insecure} INSECURE`}`;
}
