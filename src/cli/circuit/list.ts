import type { Command } from 'commander';
import { CircuitClient, type CircuitProposal, type RegisteredCircuit } from '../../chain/circuit-client.js';
import { isProposalExpired } from '../../chain/circuit-proposal.js';
import { latestTimestamp } from '../../chain/chain-time.js';
import { readRuntimeCodeHash } from '../../chain/contract-artifact.js';
import { ContractArtifactError } from '../../chain/errors.js';
import { verifierContractName } from '../../chain/verifier-name.js';
import { moment } from '../market/change-state.js';
import { table } from '../output.js';
import { buildPath } from '../project.js';
import type { Runner } from '../runner.js';
import { reading, withReader, type ReaderOptions } from '../with-chain.js';
import { knownNames } from './circuit-input.js';

/** Whether a verifier's code is what was compiled here: `unknown` where nothing of that name was. */
type CodeVerdict = 'as compiled here' | 'OTHER' | 'unknown';
type CircuitState = 'in force' | 'retired' | 'waiting' | 'ready' | 'expired';

interface Row extends Omit<RegisteredCircuit, 'retiredAt'> {
  readonly name: string | undefined;
  readonly state: CircuitState;
  /** When it was retired, or can be added; Unix seconds. */
  readonly since: number | undefined;
  readonly codeHash: string;
  readonly code: CodeVerdict;
}

export function addCircuitList(circuit: Command, run: Runner): void {
  withReader(circuit.command('list').description('which circuits are in force, retired or proposed, with whose keys, and whether their verifiers are the ones compiled here'))
    .option('--contracts <folder>', 'compiled contracts to compare with', buildPath('contracts'))
    .addHelpText('after', '\nExample:\n  clearproof circuit list --deployment deployment.json --rpc http://127.0.0.1:8545')
    .action(run(async (output, options: ReaderOptions & { readonly contracts: string }) => {
      await reading(options, async ({ provider }, deployment) => {
        const client = new CircuitClient(deployment.registry, provider);
        const [circuits, proposed, names, now, delay] = await Promise.all([
          client.circuits(), client.proposedSince(deployment.deployedInBlock), knownNames(deployment), latestTimestamp(provider), client.delay(),
        ]);
        const proposals = (await Promise.all(proposed.map((id) => client.proposal(id)))).filter((one) => one !== undefined);
        const rows = await Promise.all([
          ...circuits.map(async (one) => rowOf(one, await client.codeHash(one.verifier), names, options.contracts)),
          ...proposals.map((one) => proposalRow(one, names, options.contracts, now)),
        ]);
        table([['circuit', 'kind', 'state', 'key', 'code of the verifier'], ...rows.map(words)]).forEach((row) => output.say(row));
        if (rows.some(({ insecure, state }) => insecure && state !== 'retired')) output.say('INSECURE: some verifiers hold development keys; anyone can forge proofs for them');
        if (rows.some(({ code }) => code === 'OTHER')) output.say('OTHER: a verifier has not the code compiled here from the key of its name. Do not rely on it before you know why');
        output.result({ delay, circuits: rows });
      });
    }));
}

async function rowOf({ retiredAt, ...circuit }: RegisteredCircuit, codeHash: string, names: ReadonlyMap<bigint, string>, contracts: string): Promise<Row> {
  const name = names.get(circuit.circuitId);
  return { ...circuit, name, state: retiredAt === undefined ? 'in force' : 'retired', since: retiredAt, codeHash, code: await codeVerdict(name, codeHash, contracts) };
}

/** The code that was announced, whatever stands there now: nothing else can be added. */
async function proposalRow({ readyAt, replaces, ...circuit }: CircuitProposal, names: ReadonlyMap<bigint, string>, contracts: string, now: number): Promise<Row> {
  const name = names.get(circuit.circuitId);
  const state = isProposalExpired(readyAt, now) ? 'expired' : now < readyAt ? 'waiting' : 'ready';
  return { ...circuit, ...(replaces === undefined ? {} : { replaces }), name, state, since: readyAt, code: await codeVerdict(name, circuit.codeHash, contracts) };
}

async function codeVerdict(name: string | undefined, codeHash: string, contracts: string): Promise<CodeVerdict> {
  if (name === undefined) return 'unknown';
  try {
    return await readRuntimeCodeHash(contracts, verifierContractName(name)) === codeHash ? 'as compiled here' : 'OTHER';
  } catch (error) {
    if (error instanceof ContractArtifactError) return 'unknown';
    throw error;
  }
}

const SINCE: Readonly<Record<CircuitState, string>> = { 'in force': '', retired: 'retired', waiting: 'proposed, can be added from', ready: 'proposed, can be added since', expired: 'proposed, expired; was ready at' };

function words({ name, circuitId, kind, state, since, verificationKeyHash, insecure, code }: Row): readonly string[] {
  const when = since === undefined ? state : `${SINCE[state]} ${moment(since)}`;
  return [name ?? `0x${circuitId.toString(16)}`, kind, when, `${verificationKeyHash.slice(0, 18)}…${insecure ? ' INSECURE' : ''}`, code];
}
