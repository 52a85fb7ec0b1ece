import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { accountLeaf, slotsOf } from '../../commitment/account-leaf.js';
import { keyOf } from '../../commitment/identity.js';
import type { MerklePath16, MerkleTree16 } from '../../commitment/merkle-tree-16.js';
import type { Poseidon } from '../../commitment/poseidon.js';
import { ClearproofError } from '../../error/clearproof-error.js';
import type { CircuitDefinition } from '../../groth16/circuit-list.js';
import type { PlannedAccount } from '../../proving/epoch-plan.js';
import { readAttestation } from '../../store/attestations.js';
import type { Database } from '../../store/database.js';
import { findEpoch } from '../../store/epochs.js';
import type { BucketSource } from '../../proving/receipt-buckets/export-buckets.js';
import { receiptTokenSha256, type ReceiptKey } from '../../store/receipt-keys.js';
import { findPlaceByToken, firstToken, leavesOf, placesOfUser, recipientsOf, storeTokens, type ReceiptPlace, type Recipient } from '../../store/receipt-places.js';
import { epochsWithPlaces } from '../../store/retention.js';
import { TreeFile } from '../../store/tree-file.js';
import { rootOfPath } from '../../tree/merkle-path.js';
import { AttestedEpoch } from './attested-epoch.js';
import { OpenEpochs } from './open-epochs.js';
import { ReceiptDamagedError } from './receipt-damaged-error.js';
import { storeSource } from './store-source.js';
import { treeOfLeaves } from './tree-of-leaves.js';

/** There is no such epoch, or it has no receipts (yet, or any more). */
export class NoReceiptsError extends ClearproofError {
  readonly code = 'NO_RECEIPTS';
}

/** The receipt key is not the one that an epoch's tokens were made with. */
export class ReceiptKeyChangedError extends ClearproofError {
  readonly code = 'RECEIPT_KEY_CHANGED';
}

export interface ReceiptDeskConfig {
  readonly database: Database;
  /** Row of the venue. */
  readonly venue: number;
  readonly poseidon: Poseidon;
  readonly key: ReceiptKey;
  /** Where tree files lie; made where it lacks. */
  readonly treeFolder: string;
  readonly circuits: readonly CircuitDefinition[];
  /** Where the venue serves an epoch's attestation, for people. */
  readonly locationOf: (epoch: number) => string;
}

const TREE_NAME = /^[1-9][0-9]*\.tree$/;

type PlacedAccount = Extract<PlannedAccount, { kind: 'account' }>;

interface OpenEpoch {
  readonly attested: AttestedEpoch;
  readonly file: TreeFile;
}

/** Gives out receipts, each put together when it is asked for. */
export class ReceiptDesk {
  private readonly epochs: OpenEpochs<OpenEpoch>;

  constructor(private readonly config: ReceiptDeskConfig) {
    this.epochs = new OpenEpochs((epoch) => this.open(epoch), ({ file }) => file.close());
  }

  /** Canonical receipt; undefined for any text that opens nothing. @throws ReceiptDamagedError */
  async byToken(token: string): Promise<string | undefined> {
    const { database, venue } = this.config;
    const sha256 = receiptTokenSha256(token);
    const place = sha256 === undefined ? undefined : await findPlaceByToken(database, venue, sha256);
    return place === undefined ? undefined : this.receiptOf(place);
  }

  /** Canonical receipts of all sub-accounts, in tree order; none for a user or an epoch that is not there. @throws ReceiptDamagedError */
  async ofUser(userId: string, epoch: number): Promise<readonly string[]> {
    const { database, venue } = this.config;
    const receipts: string[] = [];
    for (const place of await placesOfUser(database, venue, epoch, userId)) receipts.push(await this.receiptOf(place));
    return receipts;
  }

  /**
   * One JSON line for each account, in tree order: user, subAccount, token.
   *
   * @throws NoReceiptsError, ReceiptKeyChangedError before the first line
   */
  async* tokens(epoch: number): AsyncGenerator<string> {
    const { row, tokenAt } = await this.tokensMade(epoch);
    for await (const recipients of recipientsOf(this.config.database, row)) {
      for (const { userId, subAccount, position } of recipients) yield `${JSON.stringify({ user: userId, subAccount: subAccount.toString(), token: tokenAt(position) })}\n`;
    }
  }

  /**
   * The accounts of an epoch as an export to buckets takes them, each held against the attested tree, and the keys that go with them.
   *
   * @throws NoReceiptsError, ReceiptKeyChangedError, ReceiptDamagedError
   */
  async withBuckets<Result>(epoch: number, work: (source: BucketSource, key: ReceiptKey) => Promise<Result>): Promise<Result> {
    const { database, poseidon, key, locationOf } = this.config;
    const { row } = await this.tokensMade(epoch);
    try {
      return await this.epochs.use(row, ({ attested, file }) => work(storeSource({ database, poseidon, row, attested, file, location: locationOf(epoch) }), key));
    } catch (cause) {
      // It may be the tree file: the next to ask makes it anew.
      if (cause instanceof ReceiptDamagedError) await this.epochs.forget(row);
      throw cause;
    }
  }

  /** Row of an epoch that has tokens, and its tokens. @throws NoReceiptsError; ReceiptKeyChangedError when this key did not make them */
  private async tokensMade(epoch: number): Promise<{ readonly row: bigint; readonly tokenAt: (position: number) => string }> {
    const { database, venue, key } = this.config;
    const record = await findEpoch(database, venue, BigInt(epoch));
    const first = record && await firstToken(database, record.id);
    if (record === undefined || first === undefined) {
      throw new NoReceiptsError(`epoch ${epoch} has no receipt tokens: it is not attested yet, or its places were dropped`, { epoch });
    }
    const { venue: location } = await this.attested(record.id);
    const tokenAt = (position: number): string => key.tokenOf({ ...location, epoch, position });
    if (!Buffer.from(first.sha256).equals(receiptTokenSha256(tokenAt(first.position)) as Uint8Array)) {
      throw new ReceiptKeyChangedError(`the tokens of epoch ${epoch} were made with another receipt key: restore its file from a backup`, { epoch });
    }
    return { row: record.id, tokenAt };
  }

  /** Writes an attested epoch's tree file and the digests of its tokens. Again: what is there stays. @throws TreeFileError */
  async prepare(epoch: bigint, each: () => void = () => undefined): Promise<void> {
    const { database, key } = this.config;
    await this.epochs.use(epoch, async ({ attested }) => {
      const digestOf = ({ position }: Recipient): Uint8Array => receiptTokenSha256(key.tokenOf({ ...attested.venue, epoch: attested.number, position })) as Uint8Array;
      for await (const recipients of recipientsOf(database, epoch)) {
        each();
        await storeTokens(database, epoch, recipients.map((recipient) => ({ position: recipient.position, sha256: digestOf(recipient) })));
      }
    });
  }

  /** Removes tree files of epochs whose places were dropped. Where a store has several venues, each has a folder of its own. */
  async prune(): Promise<void> {
    const { database, venue, treeFolder } = this.config;
    const kept = await epochsWithPlaces(database, venue);
    const names = await readdir(treeFolder).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code === 'ENOENT') return [];
      throw cause;
    });
    for (const [epoch, name] of names.flatMap((name) => (TREE_NAME.test(name) ? [[BigInt(name.slice(0, -'.tree'.length)), name] as const] : []))) {
      if (kept.has(epoch)) continue;
      await this.epochs.forget(epoch);
      await rm(join(treeFolder, name), { force: true });
    }
  }

  async close(): Promise<void> {
    await this.epochs.closeAll();
  }

  private async receiptOf(place: ReceiptPlace): Promise<string> {
    return await this.epochs.use(place.epoch, (open) => this.assemble(open, place))
      // The file was damaged after it was opened: it is read, checked and, if need be, made again.
      ?? await this.epochs.forget(place.epoch).then(() => this.epochs.use(place.epoch, (open) => this.assemble(open, place)))
      ?? Promise.reject(new ReceiptDamagedError(`the place at position ${place.position} of epoch row ${place.epoch} is not what was attested: restore the database from a backup`));
  }

  /** Undefined when leaf and path do not lead to the attested root. */
  private async assemble({ attested, file }: OpenEpoch, { place, position }: ReceiptPlace): Promise<string | undefined> {
    const path = await file.path(position).catch(() => undefined);
    if (path === undefined || place.kind === 'padding') return undefined;
    const { circuit, slots } = attested.circuitAt(position);
    if (!this.leadsToRoot(place, slots, path, attested)) return undefined;
    const { userId, subAccount, owner, salt, holdings } = place;
    return attested.serialize({
      venue: attested.venue, epoch: attested.number, circuit, slots, owner, userId, subAccount, holdings, salt, path, depth: attested.tree.depth,
      attestation: { sha256: attested.sha256, location: this.config.locationOf(attested.number) },
    });
  }

  /** What the user's own verification will find. */
  private leadsToRoot(place: PlacedAccount, slots: number, path: MerklePath16, { tree, tieredRows }: AttestedEpoch): boolean {
    const { poseidon } = this.config;
    try {
      const leaf = accountLeaf(poseidon, keyOf(poseidon, place), place.salt, slotsOf(place.holdings, slots, tieredRows));
      return rootOfPath(poseidon, leaf, path, tree.depth) === tree.root;
    } catch (cause) {
      if (cause instanceof ClearproofError) return false;
      throw cause;
    }
  }

  private async open(epoch: bigint): Promise<OpenEpoch> {
    const { database, poseidon, treeFolder } = this.config;
    const attested = await this.attested(epoch);
    const path = join(treeFolder, `${epoch}.tree`);
    const rebuild = async (): Promise<MerkleTree16> => treeOfLeaves(poseidon, attested.tree.depth, await leavesOf(database, epoch));
    return { attested, file: await TreeFile.open(path, poseidon, attested.tree, rebuild) };
  }

  private async attested(epoch: bigint): Promise<AttestedEpoch> {
    const stored = await readAttestation(this.config.database, epoch);
    if (stored === undefined) throw new NoReceiptsError(`epoch row ${epoch} has no attestation yet`, { epochRow: epoch });
    return AttestedEpoch.fromText(stored, this.config.circuits);
  }
}
