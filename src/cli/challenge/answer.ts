import { join } from 'node:path';
import { Option, type Command } from 'commander';
import { hiddenFields, openingOf } from '../../attestation/balance-opening.js';
import type { SignedBalance } from '../../attestation/balance-receipt.js';
import { latestTimestamp } from '../../chain/chain-time.js';
import type { ChainReceipt } from '../../chain/contract-call.js';
import type { Deployment } from '../../chain/deployment.js';
import { disputesClient, type InclusionClaim, type OmissionChallenge, type OmissionChallengesClient } from '../../chain/omission-client.js';
import { accountOrderSignerOf } from '../../chain/omission-signatures.js';
import { SolvencyRegistryClient } from '../../chain/registry-client.js';
import type { ConnectedSigner } from '../../chain/wallet.js';
import { circuitIdOf } from '../../commitment/digest.js';
import { bulkPoseidon } from '../../commitment/poseidon-bulk.js';
import { portablePoseidon } from '../../commitment/poseidon-portable.js';
import { readCircuitList } from '../../groth16/circuit-list.js';
import { stateEpoch } from '../../proving/hashing/state-epoch.js';
import { readPlan } from '../../proving/plan-file.js';
import { PlanFileError } from '../../proving/plan-format.js';
import { accountOfPlan, proveInclusion } from '../../proving/prove-inclusion.js';
import { readAccountOrder } from '../balance/account-order-file.js';
import { balancesIn } from '../balance/balance-files.js';
import { moment } from '../market/change-state.js';
import { bigNumber } from '../options.js';
import type { Output } from '../output.js';
import { projectRoot } from '../project.js';
import { openProver } from '../prover.js';
import type { Runner } from '../runner.js';
import { withChain, withSigner, type ChainOptions } from '../with-chain.js';
import { ChallengeError, challengeOf, identified, type Identified } from './challenge-input.js';

interface AnswerOptions extends ChainOptions, Identified {
  readonly epochDir?: string;
  readonly balances?: string;
  readonly order?: string;
  readonly request?: bigint;
  readonly keys?: string;
}

/** A challenge that can be answered or cured, and for which epoch. */
interface Answerable {
  readonly id: bigint;
  readonly challenge: OmissionChallenge;
  /** The challenged one while there is time; for a cure the venue's latest. */
  readonly epoch: number;
  readonly client: OmissionChallengesClient;
  readonly deployment: Deployment;
}

export function addChallengeAnswer(challenge: Command, run: Runner): void {
  withChain(identified(challenge.command('answer').description('answer a challenge in time, or cure a lost one; the key file is the operator\'s')))
    .addOption(new Option('--epoch-dir <folder>', 'prove that the account is in the epoch of this folder, as prove filled it: the challenged epoch, for a cure the latest').conflicts(['order', 'request']))
    .option('--balances <path>', 'with it: the balance receipts that you signed, a file or a folder')
    .addOption(new Option('--order <file>', 'show a later order that the account\'s owner signed, as "balance order" wrote it').conflicts(['epochDir', 'request']))
    .addOption(new Option('--request <n>', 'show a withdrawal that the owner requested from the vault').argParser(bigNumber).conflicts(['epochDir', 'order']))
    .option('--keys <folder>', 'proving keys (default: build/keys)')
    .addHelpText('after', `
Examples:
  clearproof challenge answer --challenge 8123…77 --epoch-dir epoch-5 --balances balances \\
    --deployment deployment.json --rpc http://127.0.0.1:8545 --key-file operator.key
  clearproof challenge answer --challenge 8123…77 --order order-7.json --deployment deployment.json --rpc http://127.0.0.1:8545 --key-file operator.key
  clearproof challenge answer --challenge 8123…77 --request 3 --deployment deployment.json --rpc http://127.0.0.1:8545 --key-file operator.key

A challenge that was lost is cured the same way, with a proof for the latest epoch; its own epoch stays disputed.`)
    .action(run(async (output, options: AnswerOptions) => {
      await withSigner(options, async (signer, deployment) => {
        const client = await disputesClient(signer, deployment);
        const answerable = await answerableOf(client, deployment, signer, options.challenge);
        const receipt = await send(output, options, answerable);
        const { status } = await challengeOf(client, options.challenge);
        output.say(`challenge ${options.challenge} is ${status} (${receipt.gasUsed} gas)`);
        output.result({ challenge: options.challenge, status, epoch: answerable.epoch, gasUsed: receipt.gasUsed });
      });
    }));
}

async function answerableOf(client: OmissionChallengesClient, deployment: Deployment, signer: ConnectedSigner, id: bigint): Promise<Answerable> {
  const challenge = await challengeOf(client, id);
  const base = { id, challenge, client, deployment };
  if (challenge.status === 'lost') return { ...base, epoch: await new SolvencyRegistryClient(deployment.registry, deployment.venueId, signer).latestEpoch() };
  if (challenge.status !== 'open') throw new ChallengeError(`challenge ${id} is ${challenge.status}: there is nothing to answer`, { challenge: id, status: challenge.status });
  const answerBy = challenge.challengedAt + (await client.terms()).answerWindow;
  if ((await latestTimestamp(signer.provider)) >= answerBy) {
    throw new ChallengeError(`challenge ${id} could be answered until ${moment(answerBy)}: have it settled, then cure it with the next epoch`, { challenge: id });
  }
  return { ...base, epoch: challenge.epoch };
}

async function send(output: Output, { epochDir, balances, order, request, keys }: AnswerOptions, answerable: Answerable): Promise<ChainReceipt> {
  const { id, client } = answerable;
  if (order !== undefined) return sendOrder(order, answerable);
  if (request !== undefined) return client.answerWithRequest(id, request);
  if (epochDir === undefined || balances === undefined) throw new ChallengeError('say what answers: --epoch-dir and --balances, --order, or --request', { challenge: id });
  return client.answerWithInclusion(id, await proveAnswer(output, answerable, { epochDir, balances, keys }));
}

async function sendOrder(file: string, { id, challenge: { receipt }, client, deployment: { chainId } }: Answerable): Promise<ChainReceipt> {
  const { order, signature } = await readAccountOrder(file);
  if (order.account !== receipt.account) throw new ChallengeError(`${file} is an order of another account than challenge ${id} is about`, { challenge: id });
  const signer = accountOrderSignerOf({ chainId, disputes: client.disputes }, order, signature);
  // What another key seems to have signed may be a contract's, which only the chain can ask.
  if (signer === undefined && signature.length === KEY_SIGNATURE) throw new ChallengeError(`${file} has a signature that nobody can have made`, { challenge: id });
  return client.answerWithOrder(id, order, signature);
}

/** Characters of a key's signature: 0x and 65 bytes. */
const KEY_SIGNATURE = 132;

/** @throws ChallengeError, AccountOmittedError, BalanceShortError: then no proof can be made */
async function proveAnswer(
  output: Output, answerable: Answerable, { epochDir, balances, keys }: { readonly epochDir: string; readonly balances: string; readonly keys: string | undefined },
): Promise<InclusionClaim> {
  const { deployment, epoch } = answerable;
  const signed = await promisedIn(balances, answerable);
  const plan = await readPlan(epochDir);
  if (plan === undefined) throw new PlanFileError(`${epochDir} holds no epoch: name the folder of epoch ${epoch}`, { folder: epochDir });
  if (plan.epoch !== epoch || plan.venue.venueId !== deployment.venueId || plan.venue.registry !== deployment.registry) {
    throw new ChallengeError(`${epochDir} holds epoch ${plan.epoch} of venue ${plan.venue.venueId}, the answer is about epoch ${epoch}`, { epoch });
  }
  const poseidon = await bulkPoseidon();
  const { tree } = await stateEpoch(poseidon, plan);
  const included = accountOfPlan(poseidon, plan, tree, signed.opening);
  const known = new Set(deployment.circuits.map(({ name }) => name));
  const circuits = (await readCircuitList(join(projectRoot(), 'circuits', 'circuits.json'))).filter(({ name }) => known.has(name));
  const pool = await openProver(output, keys);
  try {
    output.progress('proving');
    const { circuit, proof } = await proveInclusion(pool, poseidon, circuits, included, openingOf(poseidon, signed.opening));
    return { circuitId: circuitIdOf(circuit), proof };
  } finally {
    output.progressDone();
    await pool.close();
  }
}

/** The receipt of a challenge among those that the venue kept. @throws ChallengeError */
async function promisedIn(path: string, { id, challenge: { receipt } }: Answerable): Promise<SignedBalance> {
  for await (const signed of balancesIn(path)) {
    if (signed.receipt.balance !== receipt.balance) continue;
    const { balance } = hiddenFields(portablePoseidon, signed.venue, signed.opening);
    if (balance === receipt.balance) return signed;
  }
  throw new ChallengeError(`${path} does not have the receipt of challenge ${id}: without what opens it there is no proof; show an order or a request`, { challenge: id });
}
