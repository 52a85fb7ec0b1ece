import { join } from 'node:path';
import type { Attestation } from '../../attestation/attestation.js';
import { receiptOf } from '../../chain/contract-call.js';
import { readOnChainRecord } from '../../chain/read-on-chain-record.js';
import { SECRET_FILE, writeFileAtomically } from '../../file/atomic-file.js';
import { formatDecimal } from '../../fixed-point/decimal.js';
import type { Account } from '../../venue/account.js';
import type { Output } from '../output.js';
import type { Published } from '../publish.js';
import type { StoredSnapshot } from '../snapshot-folder.js';
import type { DemoChain } from './demo-chain.js';
import type { AcceptedTable } from './demo-market.js';
import { DemoServiceError, accountName, type DemoService } from './demo-service.js';
import { heading } from './demo-steps.js';
import type { DemoUser } from './demo-users.js';

const PROOFS_BEFORE_CRASH = 2;

/** What a demo venue is: its accounts under a table that its market source accepted, and one that lies. */
export interface DemoVenue {
  readonly chain: DemoChain;
  readonly stored: StoredSnapshot;
  readonly liar: StoredSnapshot;
  readonly accepted?: AcceptedTable;
  /** Owners of accounts in a venue with a vault. */
  readonly users?: readonly DemoUser[];
  /** Gas of the vault's first rules. */
  readonly setRules?: bigint;
}

/** An epoch that the service proved and published, and files of receipts that three users got from it. */
export interface ServedEpoch {
  readonly attestation: Attestation;
  readonly proveSeconds: number;
  readonly published: Published;
  readonly files: readonly string[];
}

/** Everything through the service, which loses its process in the middle of the proofs. */
export async function serveEpoch(output: Output, service: DemoService, directory: string, { chain, stored, users = [] }: DemoVenue): Promise<ServedEpoch> {
  heading(output, 'Proofs (keys: INSECURE development set-up)');
  const epoch = (await chain.client.latestEpoch()) + 1;
  await service.open(epoch);
  const started = performance.now();
  await service.submit(epoch, stored);
  await service.proofs(output, epoch, PROOFS_BEFORE_CRASH);
  await service.crash();
  output.say('the service was killed while it proved, and started again: it goes on with the proofs it has');
  await service.proofs(output, epoch, Infinity);
  const proveSeconds = Math.round((performance.now() - started) / 100) / 10;
  const { attestation, transaction } = await service.published(epoch);
  output.say(`${attestation.batches.length} batches and the close, each verified, in ${proveSeconds} s`);
  heading(output, 'Publication');
  const published = await publishedBy(chain, epoch, transaction);
  const { record, gate } = published;
  const money = (units: bigint): string => `${formatDecimal(units, stored.market.valueScale)} ${stored.market.currency}`;
  output.say(`epoch ${record.epoch} accepted on chain ${record.chainId} for ${published.receipt.gasUsed} gas`);
  output.say(`at most ${record.accountsBound} accounts, ${record.unhealthyBound} unhealthy, shortfall ${money(record.shortfall)}; ${record.covered ? 'covered' : 'NOT covered'}; gate ${gate}`);
  return { attestation, proveSeconds, published, files: await fetchReceipts(output, service, directory, epoch, stored, users) };
}

/** Three users fetch their receipts by the tokens that the venue mailed out, and so do those who will act on theirs. */
async function fetchReceipts(
  output: Output, service: DemoService, directory: string, epoch: number, { snapshot: { accounts } }: StoredSnapshot, users: readonly DemoUser[],
): Promise<readonly string[]> {
  const tokens = await service.receiptTokens(epoch);
  output.say(`${tokens.size} receipts, each behind a token of its own`);
  if (tokens.size !== accounts.length) throw new DemoServiceError(`${accounts.length} accounts have ${tokens.size} receipts`);
  const fetchFor = async (account: Account, file: string): Promise<string> => {
    await writeFileAtomically(file, await service.receipt(tokens.get(accountName(account)) ?? ''), SECRET_FILE);
    return file;
  };
  for (const { account, receiptFile } of users) await fetchFor(account, receiptFile);
  const chosen = [accounts[0], accounts[Math.floor(accounts.length / 2)], accounts[accounts.length - 1]] as Account[];
  return Promise.all(chosen.map((account, place) => fetchFor(account, join(directory, 'receipts', `${place + 1}.json`))));
}

async function publishedBy({ client, connection: { provider }, deployment }: DemoChain, epoch: number, transaction: string): Promise<Published> {
  const receipt = receiptOf((await provider.getTransactionReceipt(transaction)));
  return { receipt, gate: await client.gateMode(), record: await readOnChainRecord(provider, deployment.registry, deployment.venueId, epoch) };
}
