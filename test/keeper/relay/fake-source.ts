import { id } from 'ethers';
import type { DispatchedMessage, TreeLeaf } from '../../../src/chain/mailbox-client.js';
import { MailboxTree } from '../../../src/chain/mailbox-tree.js';
import type { ValidatorSource } from '../../../src/keeper/relay/validator.js';

export const HOOK = '0x5FbDB2315678afecb367f032d93F642f64180aa3';
export const GATEWAY = '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512';

/** A chain of blocks, each with at most one message, that can be reorganised. */
export class FakeSource implements ValidatorSource {
  readonly domain = 10_001;
  readonly hook = HOOK;
  readonly fromBlock = 1;
  confirmations = 0;
  /** Told before the second question of each look: a chain that changes meanwhile. */
  beforeRecheck: () => void = () => undefined;
  private blocks: { readonly hash: string; readonly messageId: string | undefined; readonly ours: boolean }[] = [];

  /** @param name of the message; none where undefined. @param ours whether an adapter that is signed for sent it */
  mine(name: string | undefined, ours = true, salt = ''): void {
    this.blocks.push({ hash: word(`block ${this.blocks.length} ${name} ${salt}`), messageId: name === undefined ? undefined : word(name), ours });
  }

  /** Forgets the newest blocks. */
  forget(blocks: number): void {
    this.blocks.splice(-blocks);
  }

  safeBlock(): Promise<number> {
    return Promise.resolve(this.blocks.length - this.confirmations);
  }

  hashOf(block: number): Promise<string | undefined> {
    return Promise.resolve(this.blocks[block - 1]?.hash);
  }

  leaves(from: number, to: number): Promise<readonly TreeLeaf[]> {
    return Promise.resolve(this.all().filter(({ block }) => block >= from && block <= to));
  }

  async dispatched(from: number, to: number): Promise<readonly DispatchedMessage[]> {
    const leaves = await this.leaves(from, to);
    return leaves.filter(({ block }) => this.blocks[block - 1]?.ours).map(({ messageId, ...place }) => ({
      ...place, message: { id: messageId, bytes: '0x', nonce: place.index, origin: this.domain, destination: 10_002, sender: GATEWAY, recipient: GATEWAY, body: '0x' },
    }));
  }

  treeAt(block: number): Promise<{ readonly root: string; readonly count: number }> {
    const tree = new MailboxTree();
    this.all().filter((leaf) => leaf.block <= block).forEach(({ messageId }) => tree.insert(messageId));
    this.beforeRecheck();
    return Promise.resolve({ root: tree.root(), count: tree.count });
  }

  private all(): readonly TreeLeaf[] {
    const leaves: TreeLeaf[] = [];
    this.blocks.forEach(({ messageId, hash }, place) => {
      if (messageId !== undefined) leaves.push({ messageId, index: leaves.length, block: place + 1, blockHash: hash });
    });
    return leaves;
  }
}

/** 32 bytes of a name. */
export function word(name: string): string {
  return id(name);
}
