import { concat, keccak256 } from 'ethers';

const DEPTH = 32;
const EMPTY = `0x${'00'.repeat(32)}`;

/** Hyperlane's incremental Merkle tree of message ids. Its roots after each leaf are signed, and a chain tells only the one after a block. */
export class MailboxTree {
  private readonly branch: string[] = Array.from({ length: DEPTH }, () => EMPTY);
  private leaves = 0;

  get count(): number {
    return this.leaves;
  }

  copy(): MailboxTree {
    const copied = new MailboxTree();
    copied.branch.splice(0, DEPTH, ...this.branch);
    copied.leaves = this.leaves;
    return copied;
  }

  insert(messageId: string): void {
    this.leaves += 1;
    let node = messageId;
    for (let level = 0, size = this.leaves; level < DEPTH; level += 1, size = Math.floor(size / 2)) {
      const left = this.branch[level] as string;
      if (size % 2 === 1) {
        this.branch[level] = node;
        return;
      }
      node = keccak256(concat([left, node]));
    }
  }

  root(): string {
    let node = EMPTY;
    let zero = EMPTY;
    for (let level = 0, size = this.leaves; level < DEPTH; level += 1, size = Math.floor(size / 2)) {
      node = keccak256(size % 2 === 1 ? concat([this.branch[level] as string, node]) : concat([node, zero]));
      zero = keccak256(concat([zero, zero]));
    }
    return node;
  }
}
