import { Option, type Command } from 'commander';
import { hiddenFields } from '../../attestation/balance-opening.js';
import type { PromisedAmount, PromiseOpening, SignedBalance } from '../../attestation/balance-receipt.js';
import type { Deployment } from '../../chain/deployment.js';
import { disputesClient } from '../../chain/omission-client.js';
import { signBalanceReceipt, type DisputeTarget } from '../../chain/omission-signatures.js';
import type { ConnectedSigner } from '../../chain/wallet.js';
import { bulkPoseidon } from '../../commitment/poseidon-bulk.js';
import type { Poseidon } from '../../commitment/poseidon.js';
import { randomFieldElement } from '../../proving/random.js';
import { parseMarketTable } from '../../risk/market-table-json.js';
import type { MarketTable } from '../../risk/market-table.js';
import { instrumentsOf } from '../../risk/tiers.js';
import type { Account } from '../../venue/account.js';
import { fileSource } from '../../venue/byte-source.js';
import { readSnapshot } from '../../venue/snapshot-reader.js';
import { readText } from '../files.js';
import { ClearproofError } from '../../error/clearproof-error.js';
import { positiveNumber, unixSeconds, wholeNumber } from '../options.js';
import type { Output } from '../output.js';
import type { Runner } from '../runner.js';
import { withChain, withSigner, type ChainOptions } from '../with-chain.js';
import { writeBalanceFolder, writeBalances } from './balance-files.js';
import { PRESENCE, PromiseError, askedPromise, promisesOf } from './promises.js';
import { NO_ORDERS, readSigningKeys, type OrderState } from './signing-keys.js';

/** The key is none that receipts of the venue count from. */
export class ReceiptSignerError extends ClearproofError {
  readonly code = 'RECEIPT_SIGNER';
}

interface SignOptions extends ChainOptions {
  readonly accounts: string;
  readonly market: string;
  readonly signingKeys?: string;
  readonly issuedAt: number;
  readonly validFor: number;
  readonly user?: string;
  readonly subAccount: number;
  readonly presence?: boolean;
  readonly instrument?: string;
  readonly amount?: string;
  readonly evenMargined?: boolean;
  readonly out?: string;
  readonly outDir?: string;
}

/** What is promised of one account. */
interface Promised {
  readonly account: Account & { readonly owner: bigint };
  readonly orders: OrderState;
  readonly promised: PromisedAmount | undefined;
}

const PROGRESS_EVERY = 1_000;

export function addBalanceSign(balance: Command, run: Runner): void {
  withChain(balance.command('sign').description('sign balance receipts with a receipt signer\'s key: of every account of a file, or of one user'))
    .requiredOption('--accounts <file>', 'accounts as they are now, NDJSON as "snapshot import" reads it')
    .requiredOption('--market <file>', 'market table that names their instruments')
    .option('--signing-keys <file>', 'users\' signing keys and last orders, NDJSON; who is not in it has none')
    .requiredOption('--issued-at <seconds>', 'Unix time that the accounts were exported at, not later: orders from then on can be shown', unixSeconds)
    .requiredOption('--valid-for <seconds>', 'how long the promise holds from then', positiveNumber)
    .option('--user <id>', 'sign for this user only')
    .option('--sub-account <n>', 'sub-account number of that user', wholeNumber, 0)
    .addOption(new Option('--presence', 'promise that the account is there, and no amount').conflicts(['instrument', 'amount']))
    .option('--instrument <id>', 'promise an amount of this cash or spot instrument, for one user')
    .option('--amount <decimal>', 'that amount, at most what the account holds')
    .option('--even-margined', 'promise it of an account with debts or derivatives too: you say that only orders of its owner take it')
    .addOption(new Option('--out <file>', 'where the receipts go, one a line; keep a copy, challenges are answered with it').conflicts('outDir'))
    .option('--out-dir <folder>', 'or a folder, one file a receipt')
    .addHelpText('after', `
Examples:
  clearproof balance sign --accounts accounts.ndjson --market table.json --signing-keys keys.ndjson --issued-at 1790000000 --valid-for 86400 \\
    --out-dir balances --deployment deployment.json --rpc http://127.0.0.1:8545 --key-file receipts.key
  clearproof balance sign --accounts accounts.ndjson --market table.json --issued-at 1790000000 --valid-for 86400 --user alice --instrument BTC --amount 0.5 \\
    --out alice-btc.json --deployment deployment.json --rpc http://127.0.0.1:8545 --key-file receipts.key

Without --instrument or --presence each cash and spot holding of an account is promised in whole, and of a margined account presence alone.`)
    .action(run(async (output, options: SignOptions) => {
      const table = parseMarketTable(await readText(options.market), options.market);
      const { promises, passedOver } = await promisesFor(options, table);
      await withSigner(options, async (signer, deployment) => {
        const client = await disputesClient(signer, deployment);
        if (!(await client.isReceiptSigner(signer.address, options.issuedAt))) {
          throw new ReceiptSignerError(`receipts of ${signer.address} do not count: have the venue's admin name it with "balance signer name", or take a key that is`, { signer: signer.address });
        }
        const signed = await signAll(output, promises, options, { signer, deployment, disputes: client.disputes });
        await write(options, signed);
        const presence = promises.filter(({ promised }) => promised === PRESENCE).length;
        output.say(`${signed.length} balance receipts signed by ${signer.address}, ${presence} of them of presence alone; in ${options.out ?? options.outDir}`);
        if (passedOver > 0) output.say(`${passedOver} accounts passed over: without an owner of the user's an account has another key in every epoch`);
        output.result({ receipts: signed.length, presenceOnly: presence, passedOver, signer: signer.address, disputes: client.disputes, out: options.out ?? options.outDir });
      });
    }));
}

/** @throws PromiseError, and the errors of imports */
async function promisesFor(options: SignOptions, table: MarketTable): Promise<{ readonly promises: readonly Promised[]; readonly passedOver: number }> {
  const { user, instrument, amount, out, outDir } = options;
  if ((instrument === undefined) !== (amount === undefined)) throw new PromiseError('an amount is of an instrument: name --instrument and --amount, or neither');
  if (instrument !== undefined && user === undefined) throw new PromiseError('an amount is promised to one user: name --user');
  if (out === undefined && outDir === undefined) throw new PromiseError('say where the receipts go: --out or --out-dir');
  const ordersOf = options.signingKeys === undefined ? () => NO_ORDERS : await readSigningKeys(options.signingKeys);
  const promises: Promised[] = [];
  let passedOver = 0;
  for await (const account of readSnapshot(fileSource(options.accounts), { kind: 'ndjson' }, instrumentsOf(table), table.rows.length)) {
    if (user !== undefined && (account.userId !== user || account.subAccount !== options.subAccount)) continue;
    const { owner } = account;
    if (owner === undefined) {
      passedOver += 1;
      continue;
    }
    for (const promised of promisedOf(options, table, account)) promises.push({ account: { ...account, owner }, orders: ordersOf(account), promised });
  }
  if (promises.length > 0) return { promises, passedOver };
  throw new PromiseError(`${options.accounts} has no such account with an owner commitment: users make one with "owner new"`, { file: options.accounts });
}

function promisedOf({ presence, instrument, amount, evenMargined }: SignOptions, table: MarketTable, account: Account): readonly (PromisedAmount | undefined)[] {
  if (presence === true) return [PRESENCE];
  if (instrument === undefined || amount === undefined) return promisesOf(table, account);
  return [askedPromise(table, account, { instrument, amount, evenMargined: evenMargined === true })];
}

interface Signing {
  readonly signer: ConnectedSigner;
  readonly deployment: Deployment;
  readonly disputes: string;
}

async function signAll(output: Output, promises: readonly Promised[], options: SignOptions, signing: Signing): Promise<readonly SignedBalance[]> {
  const poseidon = await bulkPoseidon();
  const signed: SignedBalance[] = [];
  for (const promise of promises) {
    signed.push(await signOne(poseidon, promise, options, signing));
    if (signed.length % PROGRESS_EVERY === 0) output.progress(`${signed.length} of ${promises.length} signed`);
  }
  output.progressDone();
  return signed;
}

async function signOne(
  poseidon: Poseidon, { account, orders, promised }: Promised, { issuedAt, validFor }: SignOptions, { signer, deployment, disputes }: Signing,
): Promise<SignedBalance> {
  const { chainId, registry, venueId } = deployment;
  const venue = { chainId, registry, venueId };
  const { owner, userId, subAccount } = account;
  const opening: PromiseOpening = { owner, userId, subAccount, promised, blinding: randomFieldElement() };
  const receipt = { venueId, ...hiddenFields(poseidon, venue, opening), ...orders, issuedAt, validUntil: issuedAt + validFor };
  const target: DisputeTarget = { chainId, disputes };
  return { venue, disputes, receipt, receiptSigner: signer.address, signature: await signBalanceReceipt(signer, target, receipt), opening };
}

async function write({ out, outDir }: SignOptions, signed: readonly SignedBalance[]): Promise<void> {
  if (outDir === undefined) await writeBalances(out as string, signed);
  else await writeBalanceFolder(outDir, signed);
}
