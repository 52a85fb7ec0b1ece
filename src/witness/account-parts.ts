import { accountLeaf } from '../commitment/account-leaf.js';
import { SOURCE_CODE, accountFrame, type AnchorSource } from '../commitment/account-frame.js';
import { digestOf } from '../commitment/digest.js';
import { domainOf, type KeyParts } from '../commitment/identity.js';
import { marketCommitment, marketHeader, rowDetail, rowsTree, scenarioDigest } from '../commitment/market-commitment.js';
import { MerkleTree16, type MerklePath16 } from '../commitment/merkle-tree-16.js';
import type { Poseidon } from '../commitment/poseidon.js';
import { rowsDigest } from '../commitment/table-digests.js';
import type { MarketRow, MarketTable } from '../risk/market-table.js';
import { rowAt } from '../risk/tiers.js';
import { openPath } from '../tree/merkle-path.js';
import { childrenOfRoot, openRow } from '../tree/row-opening.js';
import type { Holding } from '../venue/account.js';
import { kindCode } from '../venue/instrument.js';
import type { CircuitInput } from './circuit-input.js';

/** Who owns an account. Holds the secret: never logged, never written to a disk. */
export interface AccountSecret extends Pick<KeyParts, 'userId' | 'subAccount'> {
  readonly secret: bigint;
  /** Digest of the signing key's address; 0 without one. */
  readonly signer: bigint;
}

/** An account as it is committed. */
export interface AccountOpening {
  readonly key: bigint;
  readonly salt: bigint;
  /** All slots of the leaf, unused ones too. */
  readonly slots: readonly Holding[];
}

/** Where it is committed: in an epoch's tree of this depth, or alone on the chain. */
export type AccountPlace = { readonly source: 'tree'; readonly path: MerklePath16 } | { readonly source: 'chain' };

/** For what, and against what, an account is shown. */
export interface AccountSetting {
  readonly base: bigint;
  readonly circuitId: bigint;
  readonly epoch: bigint;
  readonly account: AccountOpening;
  readonly place: AccountPlace;
  /** Of the accounts tree. */
  readonly depth: number;
  readonly table: MarketTable;
}

/** The frame of a setting. */
export function frameOfSetting(poseidon: Poseidon, setting: AccountSetting): bigint {
  const { base, circuitId, epoch, table, place: { source } } = setting;
  return accountFrame(poseidon, { domain: domainOf(poseidon, base, circuitId), epoch, source, anchor: anchorOf(poseidon, setting), marketCommitment: marketCommitment(poseidon, table) });
}

function anchorOf(poseidon: Poseidon, { account, place, depth }: AccountSetting): bigint {
  const leaf = leafOf(poseidon, account);
  return place.source === 'chain' ? leaf : openPath(poseidon, leaf, place.path, depth).root;
}

/** Commitment to the account. */
export function leafOf(poseidon: Poseidon, { key, salt, slots }: AccountOpening): bigint {
  return accountLeaf(poseidon, key, salt, slots);
}

/** Inputs that say which venue, epoch, table and account; without source and key. */
export function settingInput(poseidon: Poseidon, setting: AccountSetting): CircuitInput {
  const { base, circuitId, epoch, account, table } = setting;
  const { slots, salt } = account;
  return {
    base, circuitId, epoch, salt, ...pathInput(poseidon, setting), ...headerInput(poseidon, table), ...openingsInput(poseidon, table, slots),
    index: slots.map(({ index }) => BigInt(index)), quantity: slots.map(({ quantity }) => quantity), used: slots.map(({ quantity }) => (quantity === 0n ? 0n : 1n)),
  };
}

/** An account on the chain stands in no tree: the circuit is shown it alone in one, which nothing refers to. */
function pathInput(poseidon: Poseidon, { account, place, depth }: AccountSetting): CircuitInput {
  const leaf = leafOf(poseidon, account);
  const path = place.source === 'tree' ? place.path : MerkleTree16.ofLeaves(poseidon, depth, [leaf]).path(0);
  return { position: BigInt(path.position), children: openPath(poseidon, leaf, path, depth).children };
}

/** Header of a market table with the children of its rows tree's root. */
export function headerInput(poseidon: Poseidon, table: MarketTable): CircuitInput {
  const { level, snapshotTime, valueScale, listedRows, tieredRows, instrumentList, parameterSet } = marketHeader(table);
  return {
    level, snapshotTime, valueScale, listedRows, tieredRows, instrumentList, parameterSet, scenarioDigest: scenarioDigest(poseidon, table),
    rowsDigest: rowsDigest(poseidon, table), top: childrenOfRoot(rowsTree(poseidon, table.rows)),
  };
}

/** The row of each slot; of an unused slot the first row, of which it holds nothing. */
export function slotRows(table: MarketTable, slots: readonly Holding[]): readonly MarketRow[] {
  return slots.map(({ index, quantity }) => rowAt(table, quantity === 0n ? 0 : index));
}

function openingsInput(poseidon: Poseidon, table: MarketTable, slots: readonly Holding[]): CircuitInput {
  const tree = rowsTree(poseidon, table.rows);
  const openings = slotRows(table, slots).map(({ index }) => openRow(tree, index));
  return { place: openings.map(({ place }) => BigInt(place)), rowChildren: openings.map(({ children }) => children) };
}

/** Values of rows as their leaves hold them, beside the detail. */
export function rowValuesInput(rows: readonly MarketRow[]): CircuitInput {
  return {
    kind: rows.map(({ kind }) => BigInt(kindCode(kind))), mark: rows.map(({ mark }) => mark), longCharge: rows.map(({ longCharge }) => longCharge),
    shortCharge: rows.map(({ shortCharge }) => shortCharge), pnl: rows.map(({ pnl }) => pnl),
  };
}

/** Details of rows, hashed: what proofs take that open none. */
export function rowDetails(poseidon: Poseidon, rows: readonly MarketRow[]): readonly bigint[] {
  return rows.map((row) => rowDetail(poseidon, row));
}

/** Owner inputs; zeros where nobody's secret is shown. */
export function ownerInput(owner: AccountSecret | undefined): CircuitInput {
  if (owner === undefined) return { secret: 0n, signer: 0n, userId: 0n, subAccount: 0n };
  const { secret, signer, userId, subAccount } = owner;
  return { secret, signer, userId: digestOf(userId), subAccount: BigInt(subAccount) };
}

/** Code of a source as an input. */
export function sourceInput(source: AnchorSource): bigint {
  return BigInt(SOURCE_CODE[source]);
}
