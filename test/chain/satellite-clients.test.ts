import assert from 'node:assert/strict';
import { join } from 'node:path';
import { Contract } from 'ethers';
import { readArtifact } from '../../src/chain/contract-artifact.js';
import { sendTransaction, type ChainReceipt } from '../../src/chain/contract-call.js';
import { deployContract } from '../../src/chain/deploy-contract.js';
import { deployTestToken } from '../../src/chain/deploy.js';
import { deploySatellite, deploySatelliteHub } from '../../src/chain/deploy-satellite.js';
import { ContractRevertedError } from '../../src/chain/errors.js';
import { approveToken, mintTestToken, tokenBalance } from '../../src/chain/escrow-client.js';
import type { MadeReceipt } from '../../src/chain/made-message.js';
import { SolvencyRegistryClient } from '../../src/chain/registry-client.js';
import { outboxOf, SatelliteHubClient, type SatelliteTerms } from '../../src/chain/satellite-hub-client.js';
import { satelliteExitAction, SatelliteVaultClient, type SatelliteToken } from '../../src/chain/satellite-vault-client.js';
import { passTime } from '../../src/chain/test-chain.js';
import { CollateralVaultClient } from '../../src/chain/vault-client.js';
import { VaultVenueClient, type VaultRules } from '../../src/chain/vault-venue-client.js';
import { assertGas } from '../flows/support/gas-snapshot.js';
import { startLocalVenue, type LocalVenue } from './local-venue.js';

const SELF = 'test/chain/satellite-clients.test.ts';
const VENUE = 8n;
const ROW = 20;
const AMOUNT = 1_000_000n;
const RULES: VaultRules = {
  timelock: 700, payoutTableAge: 600, demandWindow: 100, answerWindow: 200, requestDelay: 300, hatchAfter: 700, claimWindow: 100, limitWindow: 100, demandBond: 1n,
};
/** haltAfter 600, and twice the skew of clocks. */
const TIMES = { hatchAfter: 3_000, maxCheckpointAge: 300, freezeAfter: 150, limitWindow: 100 };
const CLAIM_WINDOW = 100;

/** Home and satellite on one chain: a gateway that delivers at once what it is told. */
describe('clients of satellites', function () {
  this.timeout(300_000);
  let venue: LocalVenue;
  let artifacts: string;
  let gateway: Contract;
  let hub: SatelliteHubClient;
  let satellite: SatelliteVaultClient;
  let vault: CollateralVaultClient;
  let registry: SolvencyRegistryClient;
  let far: string;
  let claim: string;
  let tokens: readonly SatelliteToken[];
  const gas: Record<string, number> = {};

  const spent = (kind: string, { gasUsed }: ChainReceipt): void => {
    gas[kind] = Number(gasUsed);
  };

  async function deliver(origin: string, recipient: string, { payload }: MadeReceipt): Promise<ChainReceipt> {
    return sendTransaction(gateway, 'delivering', 'deliverFrom', [31337n, origin, recipient, payload]);
  }
  const toHub = (made: MadeReceipt): Promise<ChainReceipt> => deliver(satellite.satellite, hub.hub, made);
  const toSatellite = (made: MadeReceipt): Promise<ChainReceipt> => deliver(hub.hub, satellite.satellite, made);

  before(async () => {
    venue = await startLocalVenue();
    const { signer, deployment, usd } = venue;
    artifacts = join('build/test/contracts', `mocks-${process.pid}`);
    const deployed = async (name: string, args: readonly unknown[]): Promise<string> => (await deployContract(signer, artifacts, name, args)).address;
    gateway = new Contract(await deployed('MockGateway', []), (await readArtifact(artifacts, 'MockGateway')).interface, signer);
    const mirror = await deployed('MockMirror', [31337n, deployment.registry]);
    const report = (step: string, receipt: ChainReceipt): void => spent(step, receipt);
    hub = new SatelliteHubClient(await deploySatelliteHub(signer, artifacts, deployment.registry, 1, report), signer);
    const parts = [await deployed('VaultPayouts', [deployment.registry, deployment.gate]), await deployed('VaultWindUp', [deployment.registry, deployment.gate])];
    const held = await deployed('SatelliteCollateralVault', [signer.address, deployment.registry, deployment.gate, 1, ...parts, hub.hub]);
    vault = new CollateralVaultClient(held, VENUE, signer);
    registry = new SolvencyRegistryClient(deployment.registry, VENUE, signer);
    const owned = new Contract(deployment.registry, (await readArtifact(artifacts, 'SolvencyRegistry')).interface, signer);
    await sendTransaction(owned, 'registering a venue', 'registerVenue', [VENUE, {
      admin: signer.address, operator: signer.address, parameterAdmin: signer.address, reserves: held, markets: deployment.markets,
      disputes: '0x0000000000000000000000000000000000000000', fundToken: usd, valueUnitsPerFundUnit: 1n, valueScale: 12,
      staleAfter: 300, haltAfter: 600, maxSubmissionAge: 300, marketTolerance: 300,
    }]);
    far = await deployTestToken(signer, { artifacts, name: 'Far', symbol: 'FAR', decimals: 6 });
    tokens = [{ token: far, row: ROW, asset: 1, unitsPerQuantum: 10n, payoutLimit: AMOUNT, minDeposit: 100n }];
    const gateways = { gateways: [await gateway.getAddress()], threshold: 1 };
    satellite = new SatelliteVaultClient(await deploySatellite(signer, artifacts, {
      admin: signer.address, homeChainId: 31337n, hub: hub.hub, mirror, venueId: VENUE, tokens,
      rules: { hatchAfter: TIMES.hatchAfter, claimWindow: CLAIM_WINDOW, limitWindow: 100, tableAge: 600 }, gateways, gatewayDelay: TIMES.hatchAfter + CLAIM_WINDOW,
    }, report), signer);
    const terms: SatelliteTerms = {
      venueId: VENUE, chainId: 31337n, satellite: satellite.satellite, ...TIMES, gateways,
      tokens: [{ token: far, decimals: 6, mintLimit: AMOUNT, name: 'Far on chain 2', symbol: 'FAR.2' }],
    };
    spent('proposeSatellite', await hub.proposeSatellite(terms));
    await passTime(signer, 2);
    const enrolled = await hub.activateSatellite(terms);
    spent('activateSatellite, 1 token', enrolled.receipt);
    assert.equal(enrolled.satelliteId, 1n);
    claim = enrolled.claims[0] ?? '';
    await registry.registerAssets([{ token: usd, unitsPerQuantum: 1n }, { token: claim, unitsPerQuantum: 10n }]);
    const stated = new Contract(deployment.markets, (await readArtifact(artifacts, 'StatedMarkets')).interface, signer);
    await sendTransaction(stated, 'stating a row', 'stateSettlementRows', [VENUE, [ROW], [1]]);
    const roles = new VaultVenueClient(held, VENUE, signer);
    await roles.setRules(RULES, [{ asset: 1, coverage: { maxDeposits: 10n ** 12n, maxLoans: 0n }, payoutLimit: AMOUNT }]);
    const listed = new Contract(held, (await readArtifact(artifacts, 'SatelliteCollateralVault')).interface, signer);
    await sendTransaction(listed, 'listing the claim', 'setTokenAllowed', [claim, true]);
    await mintTestToken(signer, far, signer.address, 10n * AMOUNT);
  });

  after(() => venue.stop());

  async function sync(): Promise<void> {
    const first = await satellite.makeCheckpoint();
    spent('makeCheckpoint, 1 token', first.receipt);
    await toHub(first);
    const lease = await hub.makeLease(1n);
    spent('makeLease, 1 token', lease.receipt);
    spent('deliver LEASE', await toSatellite(lease));
    spent('deliver CHECKPOINT', await toHub(await satellite.makeCheckpoint()));
  }

  it('bring a deposit home, where it counts once it is sure', async () => {
    const { signer } = venue;
    assert.deepEqual(await satellite.tokens(), tokens);
    await sync();
    const made = await satellite.deposit(signer, 0, AMOUNT, signer.address);
    spent('deposit at a satellite', made.receipt);
    assert.equal(made.number, 1n);
    spent('deliver DEPOSIT', await toHub(made));
    await assert.rejects(hub.creditDeposits(1n, [1n]), (error: unknown) => error instanceof ContractRevertedError && /DepositNotSure/.test(error.message));
    await sync();
    spent('creditDeposits, 1', await hub.creditDeposits(1n, [1n]));
    assert.equal(await tokenBalance(signer, claim, signer.address), AMOUNT);
    assert.ok(await hub.isDepositCredited(1n, 1n));
    assert.ok(await hub.isLive(1n));
    await approveToken(signer, claim, vault.vault, AMOUNT);
    await vault.deposit(signer, 1, claim, AMOUNT / 2n, `0x${'00'.repeat(32)}`);
    spent('openSnapshot, 1 claim', (await registry.openSnapshot()).receipt);
    assert.deepEqual((await registry.lastSnapshot()).reserves, [0n, AMOUNT / 2n]);
    assert.equal(await hub.countable(VENUE, claim, 7n), 7n);
    const { suits, broken, closed, depositsSure } = await hub.standing(1n);
    assert.deepEqual({ suits, broken, closed, depositsSure }, { suits: true, broken: false, closed: false, depositsSure: 1n });
  });

  it('order claims, and collect what was ordered', async () => {
    const { signer, stranger } = venue;
    const made = await hub.order(1n, 0, 300n, stranger.address);
    spent('order', made.receipt);
    spent('deliver ORDER', await toSatellite(made));
    assert.equal(await satellite.owed(0, stranger.address), 300n);
    assert.ok(await satellite.isOrderTaken(made.number));
    spent('collect', await satellite.collect(0, stranger.address));
    assert.equal(await tokenBalance(signer, far, stranger.address), 300n);
    const outbox = outboxOf(31337n, hub.hub, 1n, stranger.address);
    const erc20 = new Contract(claim, ['function transfer(address to, uint256 value) returns (bool)'], signer);
    await sendTransaction(erc20, 'paying an outbox', 'transfer', [outbox, 200n]);
    const posted = await hub.orderFromOutbox(1n, 0, stranger.address);
    spent('orderFromOutbox', posted.receipt);
    await toSatellite(posted);
    assert.deepEqual(await satellite.totals(0), { deposited: AMOUNT, paid: 500n, held: AMOUNT - 500n });
    const { minted, burnt, treeFloor } = await hub.totals(1n, 0);
    assert.deepEqual({ minted, burnt, treeFloor }, { minted: AMOUNT, burnt: 500n, treeFloor: 0n });
  });

  it('close a satellite that home is silent to, and return what it had not heard of', async () => {
    const { signer } = venue;
    const { number } = await satellite.deposit(signer, 0, 5_000n, signer.address);
    await assert.rejects(satellite.openHatch(), (error: unknown) => error instanceof ContractRevertedError && /HatchNotDue/.test(error.message));
    await passTime(signer, TIMES.hatchAfter);
    assert.equal(await hub.isLive(1n), false);
    spent('satellite openHatch', await satellite.openHatch());
    const { closedAt, depositsSeen } = await satellite.home();
    assert.ok(closedAt !== undefined && depositsSeen === 1n);
    await passTime(signer, CLAIM_WINDOW);
    spent('settleHatch', await satellite.settleHatch(0));
    const before = await tokenBalance(signer, far, signer.address);
    spent('satellite refundDeposit', await satellite.refundDeposit(number, signer.address));
    assert.equal((await tokenBalance(signer, far, signer.address)) - before, 5_000n);
    assert.ok((await satellite.depositAt(number)).refunded);
    await toHub(await satellite.makeCheckpoint());
    assert.ok((await hub.standing(1n)).closed);
    assert.equal(await hub.countable(VENUE, claim, 7n), 0n);
  });

  it('name exits as the contract does', async () => {
    const asked = new Contract(satellite.satellite, ['function exitAction(uint16 token, address recipient) pure returns (bytes32)'], venue.signer);
    assert.equal(await asked.getFunction('exitAction').staticCall(3, satellite.satellite), satelliteExitAction(3, satellite.satellite));
    assert.equal((await satellite.rules()).hatchAfter, TIMES.hatchAfter);
  });

  it('cost what the snapshot says', async () => {
    await assertGas(gas, SELF, 'satellite');
  });
});
