import type { Receipt } from '../../src/attestation/receipt.js';
import { accountLeaf, slotsOf } from '../../src/commitment/account-leaf.js';
import { keyOf, ownerOf } from '../../src/commitment/identity.js';
import { MerkleTree16 } from '../../src/commitment/merkle-tree-16.js';
import type { Poseidon } from '../../src/commitment/poseidon.js';
import type { MarketTable } from '../../src/risk/market-table.js';
import { tieredRows } from '../../src/risk/tiers.js';
import type { Holding } from '../../src/venue/account.js';
import { ACCOUNT_SHAPE, OWNER, POSITION } from './account.js';

/** A receipt of the test owner's account, in a tree of the test depth with other leaves. */
export function accountReceipt(poseidon: Poseidon, market: MarketTable, holdings: readonly Holding[], change: Partial<Receipt> = {}): Receipt {
  const owner = ownerOf(poseidon, OWNER.secret, OWNER.signer);
  const [userId, subAccount, salt] = [OWNER.userId, OWNER.subAccount, 777n];
  const leaf = accountLeaf(poseidon, keyOf(poseidon, { owner, userId, subAccount }), salt, slotsOf(holdings, ACCOUNT_SHAPE.K, tieredRows(market)));
  const leaves = Array.from({ length: 50 }, (_, place) => (place === POSITION ? leaf : 1_000n + BigInt(place)));
  return Object.freeze({
    venue: { chainId: 31337n, registry: '0x5FbDB2315678afecb367f032d93F642f64180aa3', venueId: 1n }, epoch: 7, circuit: 'solvency-batch-n16-k4-s2', slots: ACCOUNT_SHAPE.K,
    owner, userId, subAccount, holdings, salt, path: MerkleTree16.ofLeaves(poseidon, ACCOUNT_SHAPE.DEPTH, leaves).path(POSITION), depth: ACCOUNT_SHAPE.DEPTH, market,
    attestation: { sha256: '0'.repeat(64), location: '' }, ...change,
  });
}
