import { attestationSha256, attestationToJson } from '../../src/attestation/attestation-format.js';
import { receiptToJson } from '../../src/attestation/receipt-format.js';
import type { Receipt } from '../../src/attestation/receipt.js';
import { accountLeaf, slotsOf } from '../../src/commitment/account-leaf.js';
import { keyOf } from '../../src/commitment/identity.js';
import { bulkPoseidon } from '../../src/commitment/poseidon-bulk.js';
import { receiptsOf } from '../../src/proving/receipts.js';
import { tieredRows } from '../../src/risk/tiers.js';
import { onChainEpoch, onChainVenue, type OnChainEpoch } from '../builders/on-chain-epoch.js';
import type { Documents } from '../builders/questions.js';
import { exactCover, fund, startVenue, statedMarket, type VenueOnChain } from '../flows/support/venue-on-chain.js';

/** An epoch with real proofs that a registry on a real chain accepted, and the receipt of one of its users. */
export interface PublishedEpoch {
  readonly venue: VenueOnChain;
  readonly epoch: OnChainEpoch;
  readonly receipt: Receipt;
  /** The record is on the chain. */
  readonly documents: Documents;
  /** Everything about the user that nobody may learn, by name. */
  readonly secrets: Readonly<Record<string, bigint | string>>;
}

export async function publishEpoch(): Promise<PublishedEpoch> {
  const venue = await startVenue(onChainVenue().table);
  const epoch = await onChainEpoch(venue.location);
  await fund(venue, exactCover(epoch.submission.words, epoch.submission.close.shortfall));
  await venue.markets.state(statedMarket(epoch.venue.table));
  await venue.client.openSnapshot();
  await venue.client.submitEpoch(epoch.submission);
  const poseidon = await bulkPoseidon();
  const { plan, attestation, statements } = epoch;
  const receipt = chosen([...receiptsOf(plan, statements.tree, { sha256: attestationSha256(attestation), location: 'epochs/1/attestation.json' })]);
  const key = keyOf(poseidon, receipt);
  return {
    venue, epoch, receipt,
    documents: { receipt: receiptToJson(receipt), attestation: attestationToJson(attestation), record: undefined },
    secrets: {
      leaf: accountLeaf(poseidon, key, receipt.salt, slotsOf(receipt.holdings, receipt.slots, tieredRows(receipt.market))), key,
      owner: receipt.owner, salt: receipt.salt, user: receipt.userId,
      ...Object.fromEntries(receipt.holdings.map(({ index, quantity }) => [`quantity of row ${index}`, quantity < 0n ? -quantity : quantity])),
      ...Object.fromEntries(receipt.path.siblings.flat().filter((sibling) => sibling > 0n).map((sibling, place) => [`sibling ${place}`, sibling])),
    },
  };
}

/** Of a user with holdings that would be recognised in a request. */
function chosen(receipts: readonly Receipt[]): Receipt {
  const found = receipts.find(({ holdings, userId }) => userId !== 'house' && holdings.length > 1 && holdings.every(({ quantity }) => quantity > 99_999n || quantity < -99_999n));
  if (found === undefined) throw new Error('no account of the venue holds enough to be recognised');
  return found;
}
