import assert from 'node:assert/strict';
import { access, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { attestationSha256, serializeAttestation } from '../../../src/attestation/attestation-format.js';
import { checksumAddress } from '../../../src/attestation/checksum-address.js';
import { serializeOnChainRecord } from '../../../src/attestation/on-chain-record-format.js';
import { accessKeyToText } from '../../../src/attestation/receipt-bucket-secrets.js';
import { serializeReceipt } from '../../../src/attestation/receipt-format.js';
import type { Receipt } from '../../../src/attestation/receipt.js';
import { portablePoseidon } from '../../../src/commitment/poseidon-portable.js';
import { writeFileAtomically } from '../../../src/file/atomic-file.js';
import { releaseCurves } from '../../../src/groth16/curves.js';
import { explain } from '../../../src/margin/explain.js';
import { syntheticVenue, type SyntheticVenue } from '../../../src/margin/synthetic/synthetic-venue.js';
import { exportBuckets } from '../../../src/proving/receipt-buckets/export-buckets.js';
import { planSource } from '../../../src/proving/receipt-buckets/plan-source.js';
import { receiptsOf } from '../../../src/proving/receipts.js';
import { ReceiptKey } from '../../../src/store/receipt-keys.js';
import { proveVenue } from '../../builders/on-chain-epoch.js';
import { keyHashesOf, recordOfAttestation } from '../../builders/record-of-attestation.js';
import { MIXED_CIRCUITS, PARTED_CIRCUITS, TEST_CIRCUITS } from '../../proving/support.js';
import { EXPECTED_FILE, RELEASES, SUMS_FILE, sumsOf, type ExpectedEpoch, type ExpectedReceipt } from './release-vectors.js';

/*
 * Writes test/vectors/releases/<version>/ with the formats, circuits and development keys of this checkout:
 *
 *   node --import tsx test/vectors/releases/make-release.ts
 *
 * docs/releasing.md says when. A version that is there is never written again.
 */

const VENUE = { chainId: 31337n, registry: checksumAddress('0x5fbdb2315678afecb367f032d93f642f64180aa3'), venueId: 7n };
/** Nobody's: the corpus is public. */
const KEY = ReceiptKey.fromText('5eed'.padEnd(64, '0'), 'corpus key');
const SNAPSHOT_TIME = 1_767_225_600;
/** Two buckets or more of so few accounts. */
const K = 8;
const RECEIPTS = 3;

/** One epoch of each way to close, with and without size tiers. */
const EPOCHS: readonly { readonly name: string; readonly circuits: string; readonly venue: SyntheticVenue }[] = [
  { name: 'whole-close', circuits: TEST_CIRCUITS, venue: syntheticVenue({ seed: 'corpus whole', accounts: 28, slots: 3, instruments: 8, scenarios: 2, snapshotTime: SNAPSHOT_TIME }) },
  { name: 'size-tiers', circuits: MIXED_CIRCUITS, venue: syntheticVenue({ seed: 'corpus tiers', accounts: 40, slots: 5, tieredSlots: 2, instruments: 15, scenarios: 2, snapshotTime: SNAPSHOT_TIME }) },
  { name: 'close-in-parts', circuits: PARTED_CIRCUITS, venue: syntheticVenue({ seed: 'corpus parts', accounts: 40, slots: 5, tieredSlots: 2, instruments: 15, scenarios: 2, snapshotTime: SNAPSHOT_TIME }) },
];

async function main(): Promise<void> {
  const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
  const folder = join(RELEASES, version);
  assert.ok(!await access(folder).then(() => true, () => false), `${folder} is there: a released version's vectors never change`);
  for (const { name, circuits, venue } of EPOCHS) await writeEpoch(join(folder, name), circuits.split(','), venue);
  await writeFileAtomically(join(folder, SUMS_FILE), await sumsOf(folder));
  await releaseCurves();
}

async function writeEpoch(folder: string, circuits: readonly string[], venue: SyntheticVenue): Promise<void> {
  const { attestation, plan, statements } = await proveVenue(VENUE, venue, circuits);
  const sha256 = attestationSha256(attestation);
  const reference = { sha256, location: 'attestation.json' };
  await mkdir(join(folder, 'receipts'), { recursive: true });
  await writeFileAtomically(join(folder, 'attestation.json'), serializeAttestation(attestation));
  await writeFileAtomically(join(folder, 'record.json'), serializeOnChainRecord(recordOfAttestation(portablePoseidon, attestation)));
  const receipts = chosen([...receiptsOf(plan, statements.tree, reference)]);
  const expected = receipts.map((receipt, place) => expectedOf(receipt, `receipts/${place}.json`));
  for (const [place, receipt] of receipts.entries()) await writeFileAtomically(join(folder, `receipts/${place}.json`), serializeReceipt(receipt));
  const accessKeyOf = ({ userId, subAccount }: { readonly userId: string; readonly subAccount: number }): Uint8Array => KEY.accessKeyOf({ ...VENUE, userId, subAccount });
  await exportBuckets(planSource(plan, statements.tree, reference), { accessKeyOf, paddingKey: KEY.paddingKeyOf(sha256) }, { out: join(folder, 'buckets'), k: K });
  const description: ExpectedEpoch = {
    venue: { chainId: VENUE.chainId.toString(), registry: VENUE.registry, venueId: VENUE.venueId.toString() }, epoch: '1', attestationSha256: sha256,
    keyHashes: keyHashesOf(attestation), receipts: expected,
  };
  await writeFileAtomically(join(folder, EXPECTED_FILE), `${JSON.stringify(description, undefined, 2)}\n`);
}

/** Accounts that differ most: those with most holdings, and one that is not healthy where there is one. */
function chosen(receipts: readonly Receipt[]): readonly Receipt[] {
  const sorted = [...receipts].sort((one, other) => other.holdings.length - one.holdings.length);
  const unhealthy = sorted.find(({ market, holdings }) => !explain(market, holdings).margin.healthy);
  return [...new Set([...(unhealthy === undefined ? [] : [unhealthy]), ...sorted])].slice(0, RECEIPTS);
}

function expectedOf(receipt: Receipt, file: string): ExpectedReceipt {
  const { margin: { equity, charges, requirement, healthy }, distance } = explain(receipt.market, receipt.holdings);
  const { userId, subAccount, owner } = receipt;
  return {
    file, userId, subAccount: subAccount.toString(), owner: owner.toString(), accessKey: accessKeyToText(KEY.accessKeyOf({ ...VENUE, userId, subAccount })),
    equity: equity.toString(), charges: charges.toString(), requirement: requirement.toString(), distance: distance.toString(), healthy,
  };
}

await main();
