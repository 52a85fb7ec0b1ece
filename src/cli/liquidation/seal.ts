import type { Command } from 'commander';
import { checksumAddress } from '../../attestation/checksum-address.js';
import { baseOfVenue } from '../../attestation/venue-base.js';
import { handleChanges } from '../../chain/clearing-trace.js';
import { clearingOf, liquidationOf, type Deployment } from '../../chain/deployment.js';
import { postedOpenings, type PostedOpening } from '../../chain/liquidation-bidders-client.js';
import { soldSlices } from '../../chain/liquidation-history.js';
import type { ConnectedSigner } from '../../chain/wallet.js';
import { OpeningUnknownError } from '../../clearing/clearing-errors.js';
import { clearedCommitment, type ClearedOpening } from '../../commitment/cleared-account.js';
import { portablePoseidon } from '../../commitment/poseidon-portable.js';
import { ClearproofError } from '../../error/clearproof-error.js';
import { followLiquidation } from '../../liquidation/follow-sale.js';
import { openSealedOpening, sealOpening } from '../../liquidation/sealed-opening.js';
import type { MarketTable } from '../../risk/market-table.js';
import { readEncryptionKey } from '../account/encryption-key-file.js';
import { houseOf, readClearedAccount, requireHouse } from '../clearing/account-file.js';
import { houseClient } from '../clearing/contracts.js';
import { tablesByCommitment } from '../clearing/follow-account.js';
import { AccountNotOpenError, requireOpen } from '../clearing/handle.js';
import { openingOfCommitment } from '../../clearing/opening-file.js';
import { readMarketFile } from '../market-file.js';
import { address, bigNumber } from '../options.js';
import type { Runner } from '../runner.js';
import { reading, withChain, withReader, withSigner, type ChainOptions, type ReaderOptions } from '../with-chain.js';
import { biddersClient } from './contracts.js';
import { writeDisclosedOpening } from './opened-file.js';

/** Nothing was posted for a bidder, or there is nobody to post for. */
export class NothingPostedError extends ClearproofError {
  readonly code = 'NOTHING_POSTED';
}

type Provider = ConnectedSigner['provider'];
type SealOptions = ChainOptions & { readonly account: string };
type OpenOptions = ReaderOptions & { readonly handle: bigint; readonly bidder: string; readonly encryptionKey: string; readonly tables?: readonly string[]; readonly out: string };

/** What bidders must see: sealed by who has it, opened by who may. */
export function addLiquidationSeal(liquidation: Command, run: Runner): void {
  withChain(liquidation.command('seal').description('show what an account holds to the venue\'s bidders, and to nobody else: the operator, or the account\'s controller'))
    .requiredOption('--account <file>', 'the account, mode 600')
    .addHelpText('after', '\nExample:\n  clearproof liquidation seal --account account.json --deployment deployment.json --rpc http://127.0.0.1:8545 --key-file venue.key')
    .action(run(async (output, options: SealOptions) => {
      const account = await readClearedAccount(options.account);
      await withSigner(options, async (signer, deployment) => {
        requireHouse(account, deployment, options.account);
        const handle = requireOpen(account, options.account);
        const commitment = await commitmentOf(signer.provider, deployment, handle);
        const opening = openingOfCommitment(portablePoseidon, account, commitment);
        const bidders = biddersClient(signer, deployment);
        const approved = await bidders.bidders();
        if (approved.length === 0) throw new NothingPostedError(`venue ${deployment.venueId} has no bidders: approve one with "bidder approve"`, { venueId: deployment.venueId });
        const place = { chainId: deployment.chainId, bidders: bidders.address, handle, commitment };
        const ciphertexts = approved.map(({ encryptionKey }) => sealOpening(portablePoseidon, { ...houseOf(deployment), handle, opening }, encryptionKey, place));
        const { gasUsed } = await bidders.send.sealOpening(handle, commitment, ciphertexts);
        output.say(`account ${handle} is shown to ${approved.length} bidders (${gasUsed} gas)`);
        output.result({ handle, bidders: approved.map(({ bidder }) => bidder), gasUsed });
      });
    }));
  withReader(liquidation.command('open').description('a bidder: open what was sealed to you of an account, and follow what was sold of it since'))
    .requiredOption('--handle <n>', 'number of the account', bigNumber)
    .requiredOption('--bidder <address>', 'your address, as the venue approved it', address)
    .requiredOption('--encryption-key <file>', 'your key, mode 600, as "bidder key" wrote it')
    .option('--tables <files...>', 'market tables that it was changed under since it was sealed')
    .requiredOption('--out <file>', 'where what it holds goes, mode 600')
    .addHelpText('after', `
Example:
  clearproof liquidation open --handle 7 --bidder 0x7099…79C8 --encryption-key bidder-key.json --out opened.json \\
    --deployment deployment.json --rpc http://127.0.0.1:8545`)
    .action(run(async (output, options: OpenOptions) => {
      const { privateKey } = await readEncryptionKey(options.encryptionKey);
      const tables: MarketTable[] = [];
      for (const file of options.tables ?? []) tables.push(await readMarketFile(file));
      await reading(options, async ({ provider }, deployment) => {
        const posted = await newestPosted(provider, deployment, options);
        const place = { chainId: deployment.chainId, bidders: liquidationOf(deployment).bidders, handle: options.handle, commitment: posted.commitment };
        const disclosed = openSealedOpening(portablePoseidon, posted.ciphertext, privateKey, place);
        requireHouse(disclosed, deployment, `the opening posted in block ${posted.block}`);
        const opening = await followed(provider, deployment, options.handle, disclosed.opening, tables);
        await writeDisclosedOpening(options.out, { ...disclosed, opening });
        const held = opening.slots.filter(({ quantity }) => quantity !== 0n).length;
        output.say(`account ${options.handle} holds ${held} rows; what they are is in ${options.out}, which is secret`);
        output.result({ handle: options.handle, out: options.out, block: posted.block, rows: held });
      });
    }));
}

/** @throws NothingPostedError */
async function newestPosted(
  provider: Provider, deployment: Deployment, { handle, bidder }: Pick<OpenOptions, 'handle' | 'bidder'>,
): Promise<Pick<PostedOpening, 'commitment' | 'block'> & { readonly ciphertext: Uint8Array }> {
  const who = checksumAddress(bidder);
  const posted = await postedOpenings(provider, liquidationOf(deployment).bidders, handle, deployment.deployedInBlock);
  for (const { commitment, block, ciphertexts } of [...posted].reverse()) {
    const own = ciphertexts.find((one) => one.bidder === who);
    if (own !== undefined) return { commitment, block, ciphertext: own.ciphertext };
  }
  throw new NothingPostedError(`nothing was posted of account ${handle} for ${who}: ask the venue to run "liquidation seal" after it approved you`, { handle });
}

/** What the account is now. @throws OpeningUnknownError where a table is missing */
async function followed(provider: Provider, deployment: Deployment, handle: bigint, opening: ClearedOpening, tables: readonly MarketTable[]): Promise<ClearedOpening> {
  const commitment = await commitmentOf(provider, deployment, handle);
  if (clearedCommitment(portablePoseidon, opening) === commitment) return opening;
  const { venue } = houseOf(deployment);
  const byCommitment = tablesByCommitment(tables);
  const trail = {
    base: baseOfVenue(portablePoseidon, venue), changes: await handleChanges(provider, clearingOf(deployment).house, handle, deployment.deployedInBlock),
    slices: await soldSlices(provider, liquidationOf(deployment).liquidations, handle, deployment.deployedInBlock), tableOf: (wanted: bigint) => byCommitment.get(wanted),
  };
  const newest = followLiquidation(portablePoseidon, trail, opening).at(-1);
  if (newest !== undefined && clearedCommitment(portablePoseidon, newest) === commitment) return newest;
  throw new OpeningUnknownError(`account ${handle} became something that does not follow from what was posted: ask the venue to seal it again`, { handle });
}

/** @throws AccountNotOpenError */
async function commitmentOf(provider: Provider, deployment: Deployment, handle: bigint): Promise<bigint> {
  const found = await houseClient(provider, deployment).account(handle);
  if (found !== undefined) return found.commitment;
  throw new AccountNotOpenError(`nobody opened account ${handle} on this chain: check the deployment file`, { handle });
}
