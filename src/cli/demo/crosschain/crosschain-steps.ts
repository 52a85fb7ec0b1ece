import { join } from 'node:path';
import type { Attestation } from '../../../attestation/attestation.js';
import type { MarginClaim } from '../../../chain/account-claims.js';
import { anvilWallet } from '../../../chain/anvil.js';
import { SolvencyBeaconClient } from '../../../chain/beacon-client.js';
import { latestTimestamp } from '../../../chain/chain-time.js';
import { deployTestFeed, deployTestToken } from '../../../chain/deploy.js';
import { mintTestToken, tokenBalance } from '../../../chain/escrow-client.js';
import { OtcOptions, type OptionTerms } from '../../../chain/example-consumers.js';
import { votesOf } from '../../../chain/gateway-client.js';
import { inboxEvents } from '../../../chain/gateway-setup.js';
import { SolvencyMirrorClient } from '../../../chain/mirror-client.js';
import { mirrorContextOf, mirrorScopeOf } from '../../../chain/mirror-scope.js';
import { SatelliteHubClient } from '../../../chain/satellite-hub-client.js';
import { SatelliteVaultClient } from '../../../chain/satellite-vault-client.js';
import { vaultOf } from '../../../chain/deployment.js';
import { CollateralVaultClient } from '../../../chain/vault-client.js';
import { mineBlocks } from '../../../chain/test-chain.js';
import type { ConnectedSigner } from '../../../chain/wallet.js';
import { marketCommitment } from '../../../commitment/market-commitment.js';
import { portablePoseidon } from '../../../commitment/poseidon-portable.js';
import { formatDecimal } from '../../../fixed-point/decimal.js';
import type { OwnedAccount } from '../../../proving/prove-account.js';
import type { MarketTable } from '../../../risk/market-table.js';
import type { AccountProver } from '../../account/account-prover.js';
import type { Output } from '../../output.js';
import { proveInto, type CircuitSelection } from '../../prove.js';
import { publishEpoch, type Published } from '../../publish.js';
import { receiptFor } from '../../receipt.js';
import type { StoredSnapshot } from '../../snapshot-folder.js';
import { nextRound, type DemoBoards } from '../demo-board.js';
import { tradeAtMark } from '../demo-clearing-trades.js';
import { heading, refusalOf } from '../demo-steps.js';
import { TRADED, rowOf } from '../demo-traded.js';
import { DemoTrader, type ClearingStage, type Pair } from '../demo-trader.js';
import { until, type DemoRelayer } from './carriers.js';
import type { CrossChainReport } from './crosschain-report.js';
import { CLAIM, fundCrossChainVault, owedOf, type CrossChainVenue } from './crosschain-venue.js';

/** All that steps act on. */
export interface CrossChainStage {
  readonly output: Output;
  readonly report: CrossChainReport;
  readonly venue: CrossChainVenue;
  readonly circuits: CircuitSelection;
  readonly stored: StoredSnapshot;
  /** Of initial level, accepted. */
  readonly initial: MarketTable;
}

const HOUR = 3_600;
const WORKERS = 2;
const SLOTS = 8;
export const TRAVELLER = 'traveller';
/** Base units of the claims' token. */
export const COLLATERAL = { buyer: 60_000_000_000n, writer: 150_000_000_000n } as const;
const WALLETS = { buyer: 5, writer: 6 } as const;
const ORDERED = 1_000_000_000n;
const ONE_BITCOIN = 10n ** 8n;

/** Collateral arrives on the other chain, and becomes claims at home once both chains know of it. */
export async function depositElsewhere({ output, report, venue, stored }: CrossChainStage, relayer: DemoRelayer): Promise<void> {
  heading(output, 'Collateral on chain 2');
  const { ends, chain: { operator, deployment, tokens }, token, satellite, satelliteId, hub, asset, row } = venue;
  const amounts = [[operator.address, owedOf(stored, row)], ...Object.entries(WALLETS).map(([name, index]) => [anvilWallet(index, null).address, COLLATERAL[name as keyof typeof COLLATERAL]])] as readonly (readonly [string, bigint])[];
  const total = amounts.reduce((sum, [, amount]) => sum + amount, 0n);
  await mintTestToken(ends.other.operator, token, ends.other.operator.address, total);
  const [far, near] = [new SatelliteVaultClient(satellite, ends.other.operator), new SatelliteHubClient(hub, operator)];
  for (const [owner, amount] of amounts) report.spent('satellite: deposit', (await far.deposit(ends.other.operator, 0, amount, owner)).receipt.gasUsed);
  const claim = tokens[asset] as string;
  await until('all deposits are claims', async () => (await Promise.all(amounts.map(async ([owner, amount]) => (await tokenBalance(operator, claim, owner)) === amount))).every(Boolean), relayer, ends);
  const { minted, burnt } = await near.totals(satelliteId, 0);
  report.check('what lies on chain 2 was minted at home once, and no more', minted === total && burnt === 0n && (await far.totals(0)).deposited === total);
  await until('the satellite is live', () => near.isLive(satelliteId), relayer, ends);
  await fundCrossChainVault(venue, stored);
  const held = owedOf(stored, row);
  await until('the claims count', async () => (await near.countable(deployment.venueId, claim, held)) === held, relayer, ends);
  output.say(`${formatDecimal(total, 6)} ${CLAIM} on chain 2 back accounts on chain 1`);
}

/** Opens a snapshot, proves the accounts and publishes. @returns what was recorded, and the traveller's receipt */
export async function proveEpoch({ output, report, venue: { chain }, circuits, stored }: CrossChainStage, epoch: number): Promise<{ readonly published: Published; readonly attestation: Attestation; readonly folder: string }> {
  heading(output, `Epoch ${epoch} (keys: INSECURE development set-up)`);
  const { deployment, folders } = chain;
  const { chainId, registry, venueId } = deployment;
  await chain.client.openSnapshot();
  const folder = join(folders.work, `epoch-${epoch}`);
  const { attestation } = await report.timed(`prove epoch ${epoch}`, () => proveInto(output, {
    keys: folders.keys, workers: WORKERS, directory: folder, epoch, venue: { chainId, registry, venueId }, circuits, stored: () => Promise.resolve(stored),
  }));
  const published = await publishEpoch(chain.operator, deployment, attestation);
  output.say(`epoch ${epoch} accepted for ${published.receipt.gasUsed} gas; ${published.record.covered ? 'covered' : 'NOT covered'}; gate ${published.gate}`);
  return { published, attestation, folder };
}

/** The traveller's account and its owner's secret. */
export async function travellersAccount(folder: string, owner: OwnedAccount['owner']): Promise<OwnedAccount> {
  return { receipt: await receiptFor(folder, TRAVELLER, 0), owner };
}

/** The epoch opens a contract on chain 2, by a proof that is of use there alone. */
export async function openConsumer({ output, report, venue, initial }: CrossChainStage, relayer: DemoRelayer, prover: AccountProver, owned: OwnedAccount): Promise<{ readonly write: (salt: bigint) => Promise<bigint> }> {
  heading(output, 'An epoch of chain 1 opens a contract on chain 2');
  const { ends: { home, other }, chain: { deployment, folders }, beacon, mirror } = venue;
  const { registry, venueId } = deployment;
  const gate = new SolvencyMirrorClient(mirror, venueId, other.operator);
  const setting = { artifacts: folders.contracts, gate: mirror, registry, venueId, maxTableAge: 24 * HOUR };
  const options = await OtcOptions.deploy(other.operator, setting);
  const [buyer, writer] = [anvilWallet(2, other.connection.provider), anvilWallet(3, other.connection.provider)] as [ConnectedSigner, ConnectedSigner];
  const token = await deployTestToken(other.operator, { artifacts: folders.contracts, name: 'Premium', symbol: 'PREM', decimals: 6 });
  for (const who of [buyer, writer]) await mintTestToken(other.operator, token, who.address, 10n ** 9n);
  const oracle = await deployTestFeed(other.operator, folders.contracts, 10n ** 12n);
  const place = { chainId: other.connection.chainId, mirror };
  const now = await latestTimestamp(other.connection.provider);
  const termsOf = (salt: bigint): OptionTerms => ({
    buyer: buyer.address, writer: writer.address, token, premium: 1_000n, bond: 5_000n, oracle, maxPriceAge: HOUR, kind: 0, strike: 10n ** 12n, quantity: 10n ** 12n,
    offerUntil: now + 24 * HOUR, expiry: now + 48 * HOUR, topUpWindow: HOUR, salt,
  });
  const claimFor = async (terms: OptionTerms, at = place): Promise<MarginClaim> => {
    const action = await options.writeAction(terms);
    return prover.margin(owned, initial, { verdict: 'healthy', unmargined: false, scope: mirrorScopeOf(at, options.address), context: mirrorContextOf(at, options.address, action) });
  };
  const first = termsOf(1n);
  const write = async (salt: bigint): Promise<bigint> => {
    const terms = termsOf(salt);
    await options.offer(buyer, terms);
    return (await options.write(writer, terms, await claimFor(terms))).gasUsed;
  };
  await options.offer(buyer, first);
  const claim = await report.timed('prove margin', () => claimFor(first));
  await until('the mirror has the epoch', async () => (await gate.mode()) === 'OPEN', relayer);
  const made = await new SolvencyBeaconClient(beacon, venueId, home.operator).makeTable(marketCommitment(portablePoseidon, initial));
  report.spent('beacon: makeTable', made.receipt.gasUsed);
  const source = { chainId: deployment.chainId, origin: beacon };
  await until('the mirror has the table', async () => (await votesOf(other.connection.provider, mirror, source, made.payloadHash)).taken, relayer);
  const elsewhere = await claimFor(first, { ...place, chainId: 31337n });
  const reason = await refusalOf('a proof for a mirror on another chain', () => options.write(writer, first, elsewhere));
  report.check('a proof made for another chain is none here', reason === 'MarginProofRejected', reason);
  const frame = await gate.recordFrame(claim.circuitId, claim.epoch, claim.marketCommitment);
  report.spent('mirror: recordFrame', frame.gasUsed);
  const written = await options.write(writer, first, claim);
  report.spent('consumer: write, behind a mirror', written.gasUsed);
  report.check('a contract on chain 2 acts on an account of chain 1, proven to it alone', claim.epoch === (await gate.latestEpoch()) && (await refusalOf('a second option on one account', () => write(3n))) === 'AccountWroteBefore');
  return { write };
}

/** Claims are collateral of accounts that trade at home, and what is taken out is ordered on chain 2. */
export async function tradeAtHome({ output, report, venue }: CrossChainStage, stage: ClearingStage, boards: DemoBoards): Promise<void> {
  heading(output, 'Collateral on chain 2 backs a trade on chain 1');
  const open = async (name: keyof Pair): Promise<DemoTrader> => {
    const { trader, receipt } = await DemoTrader.open(stage, name, WALLETS[name], { row: venue.row, amount: COLLATERAL[name], asset: venue.asset, slots: SLOTS, owned: true });
    report.spent('house: open an account with claims', receipt.gasUsed);
    return trader;
  };
  const pair: Pair = { buyer: await open('buyer'), writer: await open('writer') };
  await pair.buyer.withdraw({ row: venue.row, amount: ORDERED });
  await nextRound(venue.chain, boards);
  const terms = await report.timed('trade', () => tradeAtMark(stage, pair, rowOf(stage.table, TRADED.option), rowOf(stage.table, CLAIM), ONE_BITCOIN));
  const held = await pair.buyer.held(terms.row);
  report.check('two accounts backed on chain 2 traded an option on chain 1', held === ONE_BITCOIN && (await pair.writer.held(terms.row)) === -ONE_BITCOIN);
}

/** An order, carried by a relayer that is killed between sending and block. @returns the relayer that goes on */
export async function orderThroughCrash({ output, report, venue }: CrossChainStage, relayer: DemoRelayer, restart: () => Promise<DemoRelayer>): Promise<DemoRelayer> {
  heading(output, 'A relayer is killed with an order in its hands');
  const { ends: { home, other }, hub, satellite, satelliteId, token, chain } = venue;
  const buyer = anvilWallet(WALLETS.buyer, home.connection.provider) as ConnectedSigner;
  const { provider } = other.connection;
  const far = new SatelliteVaultClient(satellite, other.operator);
  await until('the satellite is live', () => new SatelliteHubClient(hub, home.operator).isLive(satelliteId), relayer, venue.ends);
  await provider.send('evm_setAutomine', [false]);
  const { receipt, number } = await new SatelliteHubClient(hub, buyer).order(satelliteId, 0, ORDERED, buyer.address);
  report.spent('hub: order', receipt.gasUsed);
  await until('the delivery was sent', async () => Number(((await provider.send('txpool_status', [])) as { readonly pending: string }).pending) > 0, relayer);
  await relayer.kill();
  report.check('no block has the delivery', !(await far.isOrderTaken(number)));
  const next = await restart();
  await until('the new relayer has started', () => Promise.resolve(next.told('relayer-started').length > 0), next);
  await provider.send('evm_setAutomine', [true]);
  await mineBlocks(provider, 1);
  await until('the order is taken', () => far.isOrderTaken(number), next, venue.ends);
  const [delivered, taken, twice] = await Promise.all((['MessageDelivered', 'MessageTaken', 'DuplicateDelivery'] as const).map((event) => inboxEvents(provider, satellite, event)));
  report.check('every message of the hub was delivered once, though the relayer began again without a memory', delivered === taken && twice === 0, `${delivered}, ${taken}, ${twice}`);
  report.check('the order is credited once', (await far.owed(0, buyer.address)) === ORDERED);
  report.spent('satellite: collect', (await far.collect(0, buyer.address)).gasUsed);
  report.check('and is paid on chain 2', (await tokenBalance(other.operator, token, buyer.address)) === ORDERED);
  const { cleared } = await new CollateralVaultClient(vaultOf(chain.deployment), chain.deployment.venueId, chain.operator).balances(venue.asset);
  report.check('what was ordered left the clearing house', cleared === COLLATERAL.buyer + COLLATERAL.writer - ORDERED, String(cleared));
  return next;
}
