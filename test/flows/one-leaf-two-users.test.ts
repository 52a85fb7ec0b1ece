import assert from 'node:assert/strict';
import { attestationSha256, serializeAttestation } from '../../src/attestation/attestation-format.js';
import type { OnChainRecord } from '../../src/attestation/on-chain-record.js';
import { serializeReceipt } from '../../src/attestation/receipt-format.js';
import type { Receipt } from '../../src/attestation/receipt.js';
import { readOnChainRecord } from '../../src/chain/read-on-chain-record.js';
import { portablePoseidon } from '../../src/commitment/poseidon-portable.js';
import { releaseCurves } from '../../src/groth16/curves.js';
import { receiptsOf } from '../../src/proving/receipts.js';
import type { ExpectedRecipient } from '../../src/verification/account-check.js';
import { verifyReceipt } from '../../src/verification/verify-receipt.js';
import { onChainEpoch, onChainVenue, type OnChainEpoch } from '../builders/on-chain-epoch.js';
import { statedMarket, startVenue, type VenueOnChain } from './support/venue-on-chain.js';

describe('one leaf of an accepted epoch, shown to two users', function () {
  this.timeout(180_000);
  let venue: VenueOnChain;
  let epoch: OnChainEpoch;
  let record: OnChainRecord;
  let alice: Receipt;
  let bob: Receipt;

  before(async () => {
    venue = await startVenue(onChainVenue().table);
    epoch = await onChainEpoch(venue.location);
    await venue.markets.state(statedMarket(epoch.venue.table));
    await venue.client.openSnapshot();
    await venue.client.submitEpoch(epoch.submission);
    record = await readOnChainRecord(venue.connection.provider, venue.deployment.registry, 7n, 1);
    const reference = { sha256: attestationSha256(epoch.attestation), location: 'epochs/1/attestation.json' };
    const receipts = [...receiptsOf(epoch.plan, epoch.statements.tree, reference)].filter(({ holdings }) => holdings.length > 0);
    [alice, bob] = receipts as [Receipt, Receipt];
    assert.notEqual(alice.userId, bob.userId);
  });
  after(async () => {
    await (venue as VenueOnChain | undefined)?.stop();
    await releaseCurves();
  });

  /** Verdict and failed steps of a receipt held against the chain. */
  async function ask(receipt: Receipt, expected: ExpectedRecipient): Promise<readonly [string, readonly string[]]> {
    const report = await verifyReceipt({
      poseidon: portablePoseidon, expected,
      receipt: { file: 'receipt.json', text: serializeReceipt(receipt) },
      attestation: { file: 'attestation.json', text: serializeAttestation(epoch.attestation) },
      record: { source: 'chain', record },
    });
    return [report.verdict, report.steps.filter((step) => step.outcome === 'failed').map((step) => step.id)];
  }
  const identityOf = ({ userId, subAccount, owner }: Receipt): Pick<Receipt, 'userId' | 'subAccount' | 'owner'> => ({ userId, subAccount, owner });

  it('verifies for the user it belongs to, and so does the other\'s own', async () => {
    assert.deepEqual(await ask(alice, identityOf(alice)), ['verified', []]);
    assert.deepEqual(await ask(bob, identityOf(bob)), ['verified', []]);
  });

  it('does not verify for the second user under his own name: his key is in the leaf', async () => {
    assert.deepEqual(await ask({ ...alice, ...identityOf(bob) }, identityOf(bob)), ['not-verified', ['root']]);
  });

  it('does not verify for the second user as a sub-account of the first', async () => {
    assert.deepEqual(await ask({ ...alice, subAccount: alice.subAccount + 1 }, {}), ['not-verified', ['root']]);
  });

  it('does not verify when he is handed the first user\'s receipt as it is: it is not his', async () => {
    assert.deepEqual(await ask(alice, identityOf(bob)), ['not-verified', ['recipient']]);
  });

  it('does not verify with his balances at the first user\'s place', async () => {
    assert.deepEqual(await ask({ ...bob, path: alice.path }, identityOf(bob)), ['not-verified', ['root']]);
  });
});
