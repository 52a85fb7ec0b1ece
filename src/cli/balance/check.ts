import type { Command } from 'commander';
import { parseSignedBalance } from '../../attestation/balance-receipt-format.js';
import type { SignedBalance } from '../../attestation/balance-receipt.js';
import { checksumAddress } from '../../attestation/checksum-address.js';
import { latestTimestamp } from '../../chain/chain-time.js';
import { connectChain } from '../../chain/connection.js';
import { ContractRevertedError, NoContractError } from '../../chain/errors.js';
import { OmissionChallengesClient, disputesOfVenue } from '../../chain/omission-client.js';
import { balanceReceiptSignerOf } from '../../chain/omission-signatures.js';
import { portablePoseidon } from '../../commitment/poseidon-portable.js';
import { attempt } from '../../error/attempt.js';
import { ClearproofError, messageOf } from '../../error/clearproof-error.js';
import { parseDecimal } from '../../fixed-point/decimal.js';
import { balanceReportToJson } from '../../verification/report-json.js';
import { exitCodeOf } from '../../verification/report.js';
import { venueMeant } from '../../verification/venue-meant.js';
import { verifyBalanceReceipt, type BalanceEvidence, type BalanceQuestion, type BalanceRecord, type ExpectedPromise } from '../../verification/verify-balance-receipt.js';
import { readText } from '../files.js';
import { address, bigNumber, wholeNumber } from '../options.js';
import type { Output } from '../output.js';
import type { Runner } from '../runner.js';
import { PromiseError } from './promises.js';

interface CheckOptions {
  readonly rpc?: string;
  readonly registry?: string;
  readonly venue?: bigint;
  readonly chain?: bigint;
  readonly user?: string;
  readonly owner?: bigint;
  readonly subAccount?: number;
  readonly instrument?: string;
  readonly amount?: string;
  readonly signer?: string;
  readonly sequence?: bigint;
}

export function addBalanceCheck(balance: Command, run: Runner): void {
  const check = balance.command('check')
    .description('check a balance receipt of yours; ends with 0 verified, 1 NOT verified, 2 cannot tell')
    .argument('<balance>', 'the file the venue gave you')
    .option('--rpc <url>', 'ask this end point whether the venue answers for it; it learns the signer and the venue, not your account')
    .option('--registry <address>', 'the registry you know from elsewhere; without it the receipt\'s own word is taken, with a warning', address)
    .option('--venue <id>', 'the venue you mean', bigNumber)
    .option('--chain <id>', 'the chain you mean', bigNumber)
    .option('--user <id>', 'your user id at the venue')
    .option('--owner <commitment>', 'your owner commitment', bigNumber)
    .option('--sub-account <n>', 'your sub-account number', wholeNumber)
    .option('--instrument <id>', 'what should be promised')
    .option('--amount <decimal>', 'and at least how much of it')
    .option('--signer <address>', 'your signing key, which signs orders', address)
    .option('--sequence <n>', 'number of your last order', bigNumber)
    .addHelpText('after', `
Examples:
  clearproof balance check alice-btc.json --rpc http://127.0.0.1:8545 --registry 0xA51c…91C0 --user alice --instrument BTC --amount 0.5
  clearproof balance check alice-btc.json --user alice`);
  check.action(run(async (output, options: CheckOptions, [file = '']) => {
    if (options.registry === undefined && (options.venue ?? options.chain) !== undefined) check.error('error: --venue and --chain need --registry');
    const question = await questionOf(file, options);
    const report = verifyBalanceReceipt(question);
    print(output, report);
    output.result(balanceReportToJson(report));
    return exitCodeOf(report.verdict);
    // A file that cannot be read says nothing about the venue.
  }, exitCodeOf('cannot-tell')));
}

async function questionOf(file: string, options: CheckOptions): Promise<BalanceQuestion> {
  const balance = { file, text: await readText(file) };
  const found = attempt(() => parseSignedBalance(balance.text, file));
  const { user, owner, subAccount, venue, chain, registry } = options;
  const meant = { ...(registry === undefined ? {} : { registry }), ...(venue === undefined ? {} : { venueId: venue }), ...(chain === undefined ? {} : { chainId: chain }) };
  return {
    balance, poseidon: portablePoseidon, evidence: await evidenceOf(options.rpc, found), signedBy: found === undefined ? undefined : signerOf(found),
    ...venueMeant(meant, found?.venue), promise: expectedPromise(options, found),
    recipient: { ...(user === undefined ? {} : { userId: user }), ...(owner === undefined ? {} : { owner }), ...(subAccount === undefined ? {} : { subAccount }) },
  };
}

/** Address of the key that signed a receipt as its file has it. */
export function signerOf({ venue: { chainId }, disputes, receipt, signature }: SignedBalance): string | undefined {
  return balanceReceiptSignerOf({ chainId, disputes }, receipt, signature);
}

/** @throws PromiseError for an amount that is none */
function expectedPromise({ instrument, amount, signer, sequence }: CheckOptions, found: SignedBalance | undefined): ExpectedPromise {
  return {
    ...(instrument === undefined ? {} : { instrument }), ...(amount === undefined ? {} : { amount: expectedQuanta(amount, found?.opening.promised?.quantityDecimals ?? 0) }),
    ...(signer === undefined ? {} : { signer: checksumAddress(signer) }), ...(sequence === undefined ? {} : { sequence }),
  };
}

function expectedQuanta(amount: string, decimals: number): bigint {
  try {
    return parseDecimal(amount, decimals);
  } catch (cause) {
    throw new PromiseError(`"${amount}" is no quantity of what the receipt promises: write a plain decimal with at most ${decimals} decimals`, { amount }, { cause });
  }
}

/** A chain that cannot be reached is no error here: the report then says "cannot tell". */
async function evidenceOf(rpc: string | undefined, found: SignedBalance | undefined): Promise<BalanceEvidence> {
  if (found === undefined) return { source: 'none', reason: 'the receipt cannot be read, so it names no registry' };
  if (rpc === undefined) return { source: 'none', reason: 'no chain was named (--rpc)' };
  try {
    return { source: 'chain', record: await recordOf(rpc, found) };
  } catch (thrown) {
    if (!(thrown instanceof ClearproofError)) throw thrown;
    const denied = thrown instanceof NoContractError || thrown instanceof ContractRevertedError;
    return { source: denied ? 'refused' : 'none', reason: messageOf(thrown) };
  }
}

async function recordOf(rpc: string, { venue: { chainId, registry, venueId }, disputes: contract, receipt, receiptSigner }: SignedBalance): Promise<BalanceRecord> {
  const chain = await connectChain(rpc, { expectedChainId: chainId });
  const { provider } = chain;
  try {
    const disputes = await disputesOfVenue(provider, registry, venueId);
    const now = await latestTimestamp(provider);
    // A contract that the venue did not name may say what it likes.
    if (disputes !== contract) return { disputes, named: false, now };
    const client = new OmissionChallengesClient(contract, venueId, provider);
    const [named, of, terms] = await Promise.all([client.isReceiptSigner(receiptSigner, receipt.issuedAt), client.registry(), client.terms()]);
    return { disputes, named, now, terms: { registry: of, ...terms } };
  } finally {
    chain.close();
  }
}

function print(output: Output, { steps, warnings, summary }: ReturnType<typeof verifyBalanceReceipt>): void {
  const marks = { passed: 'ok  ', failed: 'FAIL', skipped: '-   ' } as const;
  steps.forEach((step) => output.say(`${marks[step.outcome]} ${step.title}: ${step.detail}`));
  warnings.forEach((warning) => output.say(`warning: ${warning}`));
  output.say();
  output.say(summary);
}
