import { anvilWallet } from '../../../chain/anvil.js';
import { vaultOf } from '../../../chain/deployment.js';
import { tokenBalance } from '../../../chain/escrow-client.js';
import { SolvencyMirrorClient } from '../../../chain/mirror-client.js';
import { mirrorContextOf } from '../../../chain/mirror-scope.js';
import { SatelliteHubClient } from '../../../chain/satellite-hub-client.js';
import { SatelliteVaultClient, satelliteExitAction } from '../../../chain/satellite-vault-client.js';
import { passTime } from '../../../chain/test-chain.js';
import { VaultVenueClient } from '../../../chain/vault-venue-client.js';
import { formatDecimal } from '../../../fixed-point/decimal.js';
import type { OwnedAccount } from '../../../proving/prove-account.js';
import type { AccountProver } from '../../account/account-prover.js';
import { heading, refusalOf } from '../demo-steps.js';
import { DEMO_RULES } from '../demo-users.js';
import { until, type DemoRelayer } from './carriers.js';
import { passBoth, synchronise } from './ends.js';
import { proveEpoch, type CrossChainStage } from './crosschain-steps.js';
import { CLAIM, MIRROR_RULES, SATELLITE_RULES } from './crosschain-venue.js';

const RECIPIENT = 7;

/** The epoch stands at home; the satellite hears so, and keeps it as the base of its hatch. */
export async function letStand({ report, venue }: CrossChainStage, relayer: DemoRelayer): Promise<void> {
  await passBoth(venue.ends, DEMO_RULES.demandWindow + DEMO_RULES.answerWindow + 60);
  const far = new SatelliteVaultClient(venue.satellite, venue.ends.other.operator);
  await until('the satellite knows the epoch that stands', async () => (await far.home()).standsEpoch === 1, relayer, venue.ends);
  report.check('the satellite knows the epoch that its hatch would pay by, and no hatch is open', (await far.home()).closedAt === undefined);
}

/** The venue's gate closes at home, the relayer says so by itself, and the contract on chain 2 takes no new risk. */
export async function closeWithHome({ output, report, venue }: CrossChainStage, relayer: DemoRelayer, write: (salt: bigint) => Promise<bigint>): Promise<void> {
  heading(output, 'The venue goes bad');
  const { chain: { deployment, operator, client }, ends, mirror } = venue;
  const gate = new SolvencyMirrorClient(mirror, deployment.venueId, ends.other.operator);
  await until('the mirror is open', async () => (await gate.mode()) === 'OPEN', relayer, ends);
  await new VaultVenueClient(vaultOf(deployment), deployment.venueId, operator).setPaused(true);
  const home = await client.gateMode();
  await until('the mirror closes', async () => (await gate.mode()) !== 'OPEN', relayer, ends);
  report.check('the mirror closes with the gate at home', home === 'REDUCE_ONLY' && (await gate.mode()) === home, `${home}, ${await gate.mode()}`);
  const reason = await refusalOf('a new option', () => write(2n));
  report.check('and the contract on chain 2 takes no new risk', reason === 'GateClosed', reason);
  await new VaultVenueClient(vaultOf(deployment), deployment.venueId, operator).setPaused(false);
}

/** Nothing crosses any more: the mirror closes by its own clock, at home the collateral counts nothing, and its owners are paid by proof. */
export async function stopGateways(stage: CrossChainStage, prover: AccountProver, owned: OwnedAccount): Promise<void> {
  const { output, report, venue } = stage;
  heading(output, 'The gateways stop');
  const { chain: { deployment, tokens }, ends, mirror, hub, satelliteId, satellite, token, row } = venue;
  const gate = new SolvencyMirrorClient(mirror, deployment.venueId, ends.other.operator);
  const near = new SatelliteHubClient(hub, ends.home.operator);
  await passBoth(ends, MIRROR_RULES.standingHaltAfter + 60);
  report.check('the mirror halts by its own clock', (await gate.mode()) === 'HALT');
  report.check('at home collateral that nobody reports counts nothing, and moves nowhere', (await near.countable(deployment.venueId, tokens[venue.asset] as string, 1n)) === 0n && !(await near.isLive(satelliteId)));
  const { published } = await proveEpoch(stage, 2);
  report.check('the epoch without it is not covered, and home lets out alone', !published.record.covered && published.gate === 'WITHDRAW_ONLY', published.gate);

  heading(output, 'The hatch of chain 2');
  const far = new SatelliteVaultClient(satellite, ends.other.operator);
  const early = await refusalOf('a hatch before its time', () => far.openHatch());
  report.check('no hatch opens while home may be only slow', early === 'HatchNotDue', early);
  await synchronise(ends);
  await passTime(ends.other.operator, SATELLITE_RULES.hatchAfter);
  report.spent('satellite: openHatch', (await far.openHatch()).gasUsed);
  const recipient = anvilWallet(RECIPIENT, null).address;
  const quanta = owned.receipt.holdings.find(({ index }) => index === row)?.quantity ?? 0n;
  const place = { chainId: ends.other.connection.chainId, mirror };
  const claim = await prover.margin(owned, owned.receipt.market, {
    verdict: 'healthy', withdrawal: { row, amount: quanta }, unmargined: true, scope: 0n, context: mirrorContextOf(place, satellite, satelliteExitAction(0, recipient)),
  });
  const exit = { claim, unmargined: true, token: 0, quanta, recipient };
  report.spent('satellite: registerExit', (await far.registerExit(exit)).gasUsed);
  const again = await refusalOf('the same exit once more', () => far.registerExit(exit));
  report.check('an account leaves once', again === 'ExitRegisteredBefore', again);
  await passTime(ends.other.operator, SATELLITE_RULES.claimWindow + 1);
  report.spent('satellite: settleHatch', (await far.settleHatch(0)).gasUsed);
  report.spent('satellite: collectExit', (await far.collectExit(claim.nullifier, 0)).gasUsed);
  const paid = await tokenBalance(ends.other.operator, token, recipient);
  report.check('the hatch pays what the proof shows, with no gateway and no key of the venue', paid === quanta && paid > 0n, String(paid));
  output.say(`${formatDecimal(paid, 6)} ${CLAIM} paid on chain 2 by a proof on epoch 1`);
}
