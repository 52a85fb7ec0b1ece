import type { Command } from 'commander';
import type { OnChainRecord } from '../../attestation/on-chain-record.js';
import type { SignedBalance } from '../../attestation/balance-receipt.js';
import { latestTimestamp } from '../../chain/chain-time.js';
import type { Deployment } from '../../chain/deployment.js';
import { disputesClient, type OmissionChallengesClient } from '../../chain/omission-client.js';
import { readOnChainRecord } from '../../chain/read-on-chain-record.js';
import { SolvencyRegistryClient } from '../../chain/registry-client.js';
import type { ConnectedSigner } from '../../chain/wallet.js';
import { portablePoseidon } from '../../commitment/poseidon-portable.js';
import { ClearproofError } from '../../error/clearproof-error.js';
import { formatDecimal } from '../../fixed-point/decimal.js';
import { promiseStanding } from '../../verification/promise-standing.js';
import { checkOpening, promiseInWords } from '../../verification/verify-balance-receipt.js';
import { readReceipt, requireVenue } from '../account/account-input.js';
import { readBalance } from '../balance/balance-files.js';
import { signerOf } from '../balance/check.js';
import { moment } from '../market/change-state.js';
import { positiveNumber } from '../options.js';
import type { Output } from '../output.js';
import type { Runner } from '../runner.js';
import { withChain, withSigner, type ChainOptions } from '../with-chain.js';
import { ChallengeError } from './challenge-input.js';

/** The epoch kept what the receipt promises: a challenge would be answered, and its bond lost. */
export class PromiseKeptError extends ClearproofError {
  readonly code = 'PROMISE_KEPT';
}

interface OpenOptions extends ChainOptions {
  readonly balance: string;
  readonly epoch?: number;
  readonly receipt?: string;
}

const ETHER_DECIMALS = 18;

export function addChallengeOpen(challenge: Command, run: Runner): void {
  withChain(challenge.command('open').description('challenge an epoch that left your account out, or has less of it than a balance receipt promises'))
    .requiredOption('--balance <file>', 'your balance receipt')
    .option('--epoch <n>', 'epoch to challenge (default: the latest)', positiveNumber)
    .option('--receipt <file>', 'your receipt of that epoch, if you have one: where it shows that the promise was kept, nothing is sent')
    .addHelpText('after', `
Examples:
  clearproof challenge open --balance alice-btc.json --deployment deployment.json --rpc http://127.0.0.1:8545 --key-file user.key
  clearproof challenge open --balance alice-btc.json --epoch 5 --receipt receipt-5.json --deployment deployment.json --rpc http://127.0.0.1:8545 --key-file user.key

It costs a bond, which comes back if the venue does not answer in time. The venue answers with a proof of your account, with a later order that you
signed, or with a withdrawal that you requested. Nothing of what is sent says who you are or what you hold.`)
    .action(run(async (output, options: OpenOptions) => {
      const signed = await readBalance(options.balance);
      requireWhole(signed);
      await withSigner(options, async (signer, deployment) => {
        requireVenue({ receipt: signed }, deployment);
        const client = await disputesClient(signer, deployment);
        const epoch = options.epoch ?? (await new SolvencyRegistryClient(deployment.registry, deployment.venueId, signer).latestEpoch());
        const record = await readOnChainRecord(signer.provider, deployment.registry, deployment.venueId, epoch);
        await requireOpen(client, signed, record, await latestTimestamp(signer.provider));
        if (options.receipt !== undefined) await requireBroken(output, signed, options.receipt, record);
        await open(output, client, signed, { signer, deployment, epoch });
      });
    }));
}

async function open(
  output: Output, client: OmissionChallengesClient, signed: SignedBalance, { signer, epoch }: { readonly signer: ConnectedSigner; readonly deployment: Deployment; readonly epoch: number },
): Promise<void> {
  const { bond, answerWindow } = await client.terms();
  const { id, receipt: { gasUsed, blockNumber } } = await client.challenge(epoch, signed.receipt, signed, bond);
  const block = await signer.provider.getBlock(blockNumber);
  const answerBy = (block?.timestamp ?? (await latestTimestamp(signer.provider))) + answerWindow;
  output.say(`epoch ${epoch} challenged: ${id}, bond ${formatDecimal(bond, ETHER_DECIMALS)} (${gasUsed} gas)`);
  output.say(`the venue has until ${moment(answerBy)} to answer; after that run "challenge settle" and "challenge reclaim"`);
  output.result({ challenge: id, epoch, bond, answerBy, gasUsed });
}

/** What no contract can see: that the file says what was signed. @throws ChallengeError */
function requireWhole(signed: SignedBalance): void {
  const { outcome, detail } = checkOpening(portablePoseidon, signed);
  if (outcome === 'failed') throw new ChallengeError(`the balance receipt contradicts itself: ${detail}. Take a copy that was not changed`);
  if (signerOf(signed) !== signed.receiptSigner) throw new ChallengeError(`the balance receipt is not signed by ${signed.receiptSigner}: take a copy that was not changed`);
}

/** What the contract would refuse, told before anything is sent. @throws ChallengeError */
async function requireOpen(client: OmissionChallengesClient, { disputes, receipt, receiptSigner }: SignedBalance, { epoch, snapshotTime, acceptedAt }: OnChainRecord, now: number): Promise<void> {
  const { issuedAt, validUntil } = receipt;
  if (disputes !== client.disputes) throw new ChallengeError(`the receipt is signed for the contract ${disputes}, the venue named ${client.disputes}: it can be used at the first only`, { disputes });
  if (snapshotTime < issuedAt || snapshotTime > validUntil) {
    throw new ChallengeError(`the snapshot of epoch ${epoch} was at ${moment(snapshotTime)}, the receipt promises from ${moment(issuedAt)} to ${moment(validUntil)}`, { epoch });
  }
  const { challengeWindow } = await client.terms();
  if (now >= acceptedAt + challengeWindow) throw new ChallengeError(`epoch ${epoch} could be challenged until ${moment(acceptedAt + challengeWindow)}: check each epoch when it appears`, { epoch });
  if (!(await client.isReceiptSigner(receiptSigner, issuedAt))) throw new ChallengeError(`${receiptSigner} was no receipt signer of the venue when it signed: the receipt binds nobody`, { receiptSigner });
  const id = await client.challengeIdOf(epoch, receipt);
  const there = await client.challengeAt(id);
  if (there !== undefined) throw new ChallengeError(`epoch ${epoch} was challenged with this receipt: ${id}, ${there.status}`, { challenge: id, status: there.status });
}

/** @throws PromiseKeptError */
async function requireBroken(output: Output, signed: SignedBalance, file: string, record: OnChainRecord): Promise<void> {
  const receipt = await readReceipt(file);
  if (receipt.epoch !== record.epoch) throw new ChallengeError(`${file} is of epoch ${receipt.epoch}, challenged is epoch ${record.epoch}: name the receipt of that epoch`, { epoch: receipt.epoch });
  const standing = promiseStanding(portablePoseidon, signed, receipt, record.accountsRoot);
  if (standing.is === 'kept') {
    throw new PromiseKeptError(`epoch ${record.epoch} kept the promise: ${promiseInWords(signed)}, and your receipt shows it. The venue would answer and take your bond`, { epoch: record.epoch });
  }
  output.say(standing.is === 'broken' ? `your receipt of epoch ${record.epoch} shows less than was promised` : `your receipt of epoch ${record.epoch} shows nothing: ${standing.reason}`);
}
