import { MailboxTree } from '../../chain/mailbox-tree.js';
import type { DispatchedMessage, TreeLeaf } from '../../chain/mailbox-client.js';
import type { MailboxCheckpoint } from '../../chain/mailbox-message.js';
import { faultFields, type KeeperLog } from '../keeper-log.js';
import type { KeeperClock } from '../keeper-ports.js';
import type { SignatureJournal } from './journal.js';
import { JournalError, SourceReorganisedError, SourceUnsteadyError } from './relay-errors.js';
import type { RelayMetrics } from './relay-metrics.js';
import { waitAfter } from './pauses.js';
import type { SignedCheckpoint } from './signature-format.js';

/** What a validator asks its source chain. Every method throws ChainUnreachableError and its like. */
export interface ValidatorSource {
  /** Hyperlane's number of the chain. */
  readonly domain: number;
  readonly hook: string;
  /** First block that can hold a leaf. */
  readonly fromBlock: number;
  /** Newest block that counts as final. */
  safeBlock(): Promise<number>;
  /** Of a block; undefined where the node has none of that number. */
  hashOf(block: number): Promise<string | undefined>;
  leaves(from: number, to: number): Promise<readonly TreeLeaf[]>;
  /** Of the adapters that the validator signs for. */
  dispatched(from: number, to: number): Promise<readonly DispatchedMessage[]>;
  treeAt(block: number): Promise<{ readonly root: string; readonly count: number }>;
}

export interface ValidatorParts {
  readonly source: ValidatorSource;
  readonly journal: Pick<SignatureJournal, 'record' | 'size'>;
  readonly validator: string;
  readonly sign: (checkpoint: MailboxCheckpoint) => Promise<string>;
  readonly publish: (signed: SignedCheckpoint) => Promise<void>;
  readonly clock: KeeperClock;
  readonly log: KeeperLog;
  readonly metrics: RelayMetrics;
  readonly pollMs: number;
}

/** A leaf of ours and the root of the tree that ends with it. */
interface Due {
  readonly checkpoint: MailboxCheckpoint;
  readonly block: number;
  readonly blockHash: string;
}

/**
 * Signs what adapters dispatched on one chain, once it is final. What it has read is nowhere but in memory: it begins at the tree's first
 * block whenever it is started, and the journal alone says what it may not sign again.
 */
export class Validator {
  private tree = new MailboxTree();
  private read: { readonly block: number; readonly hash: string } | undefined;

  constructor(private readonly parts: ValidatorParts) {}

  /** Until told to stop. @throws SourceReorganisedError, JournalError: then its key must not sign any more */
  async run(stop: AbortSignal): Promise<void> {
    const { clock, log, metrics, pollMs } = this.parts;
    for (let faults = 0; !stop.aborted;) {
      try {
        await this.look();
        faults = 0;
      } catch (thrown) {
        if (thrown instanceof SourceReorganisedError || thrown instanceof JournalError) throw thrown;
        faults += 1;
        const fields = faultFields(thrown);
        metrics.failed('validator', String(fields['code']));
        log.warn('look-failed', { ...fields, faults });
      }
      await clock.wait(waitAfter(faults, pollMs), stop);
    }
  }

  /** Signs what became final since the last look. @returns how many messages it signed */
  async look(): Promise<number> {
    const { source, log, metrics, clock } = this.parts;
    if (this.read !== undefined && (await source.hashOf(this.read.block)) !== this.read.hash) {
      // What counted as final is gone. Read anew, the journal says whether it matters.
      log.warn('source-reorganised', { block: this.read.block });
      this.forget();
    }
    const safe = await source.safeBlock();
    const from = this.read === undefined ? source.fromBlock : this.read.block + 1;
    if (safe < from) return 0;
    const hash = await source.hashOf(safe);
    const { tree, due } = await this.readBlocks(from, safe);
    await this.requireSteady(tree, safe, hash, due);
    for (const { checkpoint } of due) await this.sign(checkpoint);
    [this.tree, this.read] = [tree, { block: safe, hash: hash as string }];
    metrics.looked('validator', safe, Math.floor(clock.now() / 1_000));
    return due.length;
  }

  private forget(): void {
    [this.tree, this.read] = [new MailboxTree(), undefined];
  }

  private async readBlocks(from: number, to: number): Promise<{ readonly tree: MailboxTree; readonly due: readonly Due[] }> {
    const { source } = this.parts;
    const [leaves, ours] = [await source.leaves(from, to), new Set((await source.dispatched(from, to)).map(({ message }) => message.id))];
    const tree = this.tree.copy();
    const due: Due[] = [];
    for (const { messageId, index, block, blockHash } of leaves) {
      if (index !== tree.count) throw new SourceUnsteadyError(`the node gave leaf ${index} of the tree where leaf ${tree.count} comes: ask another node`, { index, expected: tree.count });
      tree.insert(messageId);
      if (!ours.has(messageId)) continue;
      due.push({ checkpoint: { origin: source.domain, hook: source.hook, root: tree.root(), index, messageId }, block, blockHash });
    }
    return { tree, due };
  }

  /** Events, state and blocks are one chain's, and they still are: the second question is the last before signing. */
  private async requireSteady(tree: MailboxTree, safe: number, hash: string | undefined, due: readonly Due[]): Promise<void> {
    const { source } = this.parts;
    const { root, count } = await source.treeAt(safe);
    if (count !== tree.count || root !== tree.root()) throw new SourceUnsteadyError(`the tree at block ${safe} is not what its leaves make: the node lacks events, or lies`, { block: safe });
    for (const { block, blockHash } of [{ block: safe, blockHash: hash }, ...due]) {
      if (blockHash === undefined || (await source.hashOf(block)) !== blockHash) throw new SourceUnsteadyError(`block ${block} was replaced while it was read: nothing was signed`, { block });
    }
  }

  private async sign(checkpoint: MailboxCheckpoint): Promise<void> {
    const { journal, validator, sign, publish, log, metrics } = this.parts;
    const known = journal.size;
    await journal.record(checkpoint);
    await publish({ ...checkpoint, validator, signature: await sign(checkpoint) });
    if (journal.size === known) return;
    metrics.acted('sign', 'done');
    log.info('signed', { index: checkpoint.index, message: checkpoint.messageId });
  }
}
