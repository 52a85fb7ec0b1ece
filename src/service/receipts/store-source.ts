import type { AccountPart } from '../../attestation/receipt-bucket-entry.js';
import { accountLeaf, slotsOf } from '../../commitment/account-leaf.js';
import { keyOf } from '../../commitment/identity.js';
import type { Poseidon } from '../../commitment/poseidon.js';
import { ClearproofError } from '../../error/clearproof-error.js';
import type { AccountName, BucketSource } from '../../proving/receipt-buckets/export-buckets.js';
import type { Database } from '../../store/database.js';
import { readPlaces, type StoredPlace } from '../../store/places.js';
import { recipientsOf } from '../../store/receipt-places.js';
import type { TreeFile } from '../../store/tree-file.js';
import type { AttestedEpoch } from './attested-epoch.js';
import { ReceiptDamagedError } from './receipt-damaged-error.js';
import { VerifiedPaths } from './verified-paths.js';

interface StoreEpoch {
  readonly database: Database;
  readonly poseidon: Poseidon;
  /** Row of the epoch. */
  readonly row: bigint;
  readonly attested: AttestedEpoch;
  readonly file: TreeFile;
  /** Where the venue serves the attestation. */
  readonly location: string;
}

/** Accounts of an attested epoch, read in pieces. What is not in the attested tree is refused. */
export function storeSource(epoch: StoreEpoch): BucketSource {
  const { attested, location } = epoch;
  const { venue, number, tree, market, circuits, sha256, places } = attested;
  return {
    common: { venue, epoch: number, depth: tree.depth, market, circuits, attestation: { sha256, location } },
    places,
    names: () => namesOf(epoch),
    parts: () => partsOf(epoch),
  };
}

async function* namesOf({ database, row }: StoreEpoch): AsyncGenerator<AccountName> {
  for await (const recipients of recipientsOf(database, row)) yield* recipients;
}

async function* partsOf(epoch: StoreEpoch): AsyncGenerator<AccountPart> {
  const paths = new VerifiedPaths(epoch.file, epoch.poseidon);
  for await (const stored of readPlaces(epoch.database, epoch.row)) {
    const { place, position } = stored;
    if (place.kind === 'padding') continue;
    const { leaf, ...path } = await paths.path(position);
    const { circuit, slots } = epoch.attested.circuitAt(position);
    if (leaf !== leafOf(stored, slots, epoch)) {
      throw new ReceiptDamagedError(`the place at position ${position} of epoch ${epoch.attested.number} is not what was attested: restore the database from a backup`, { position });
    }
    const { userId, subAccount, owner, salt, holdings } = place;
    yield { circuit, userId, subAccount, owner, salt, holdings, path };
  }
}

/** Undefined when it has none. */
function leafOf({ place }: StoredPlace, slots: number, { poseidon, attested }: StoreEpoch): bigint | undefined {
  if (place.kind === 'padding') return undefined;
  try {
    return accountLeaf(poseidon, keyOf(poseidon, place), place.salt, slotsOf(place.holdings, slots, attested.tieredRows));
  } catch (cause) {
    if (cause instanceof ClearproofError) return undefined;
    throw cause;
  }
}
