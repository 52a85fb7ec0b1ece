import type { Receipt } from '../attestation/receipt.js';
import { accountLeaf, slotsOf } from '../commitment/account-leaf.js';
import { keyOf, type KeyParts } from '../commitment/identity.js';
import type { Poseidon } from '../commitment/poseidon.js';
import { checkGreedySplit, tieredRows, tiersOf } from '../risk/tiers.js';
import { rootOfPath } from '../tree/merkle-path.js';
import { quoted } from '../venue/place.js';
import type { Evidence } from './evidence.js';
import { failed, passed, skipped, type Finding } from './report.js';

/** What the reader knows of themselves. Each given part must be the receipt's. */
export interface ExpectedRecipient {
  readonly owner?: bigint;
  readonly userId?: string;
  readonly subAccount?: number;
}

/** No two users can be shown one leaf, if each looks whether the receipt names them. */
export function checkRecipient(receipt: KeyParts, expected: ExpectedRecipient): Finding {
  const { owner, userId, subAccount } = expected;
  const shown = `user ${quoted(receipt.userId)}, sub-account ${receipt.subAccount}`;
  if (userId !== undefined && userId !== receipt.userId) {
    return failed(`this receipt is for another user: it names ${quoted(receipt.userId)}, you are ${quoted(userId)}`);
  }
  if (owner !== undefined && owner !== receipt.owner) {
    return failed(`this receipt is for another user: its owner is ${receipt.owner}, yours is ${owner}`);
  }
  if (subAccount !== undefined && subAccount !== receipt.subAccount) {
    return failed(`this receipt is for another account: it names sub-account ${receipt.subAccount}, you asked for ${subAccount}`);
  }
  const compared = userId !== undefined || owner !== undefined;
  return compared
    ? passed(shown)
    : skipped(`nothing to compare with: look whether this is you: ${shown}, owner ${receipt.owner}`);
}

/** Key from owner, user id and sub-account; leaf from key, salt and the stated slots. */
export function leafOf(poseidon: Poseidon, receipt: Receipt): bigint {
  return accountLeaf(poseidon, keyOf(poseidon, receipt), receipt.salt, slotsOf(receipt.holdings, receipt.slots, tieredRows(receipt.market)));
}

/** @throws LeafShapeError */
export function checkLeaf(poseidon: Poseidon, receipt: Receipt): Finding {
  const leaf = leafOf(poseidon, receipt);
  return passed(`${receipt.holdings.length} holdings in ${receipt.slots} slots give leaf ${leaf}`);
}

/**
 * An instrument with tiers is held from the lowest tier up. No proof says so: another split is charged more, which harms the
 * account alone, so its holder is the one to look.
 *
 * @throws GreedySplitError, UnknownInstrumentError
 */
export function checkTierSplit({ market, holdings }: Pick<Receipt, 'market' | 'holdings'>): Finding {
  checkGreedySplit(market, holdings);
  const tiered = holdings.filter(({ index }) => tiersOf(market, index).length > 1);
  return passed(tiered.length === 0 ? 'no holding has size tiers' : `${tiered.length} holdings in size tiers, each filled from the lowest up`);
}

/** The path leads from the leaf to the root that the registry recorded, or else to the attested one. */
export function checkRoot(poseidon: Poseidon, receipt: Receipt, { record, attestation }: Evidence): Finding {
  const root = rootOfPath(poseidon, leafOf(poseidon, receipt), receipt.path, receipt.depth);
  const known = record?.accountsRoot ?? attestation?.close.accountsRoot;
  const source = record === undefined ? 'attestation' : 'registry\'s record';
  if (known === undefined) return skipped(`the path leads to root ${root}, there is nothing to compare it with`);
  if (root === known) return passed(`position ${receipt.path.position} under root ${root} of the ${source}`);
  return failed(
    `account and path lead to root ${root}, the ${source} has ${known}: a holding, the salt, the owner or the path is not what was proven`,
    'ROOT_MISMATCH',
  );
}
