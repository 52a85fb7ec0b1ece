import { Contract, type Log, type Provider } from 'ethers';
import { chainError, readContract } from './contract-call.js';
import { HYPERLANE_GATEWAY_INTERFACE } from './gateway-abi.js';
import { MAILBOX_INTERFACE, MERKLE_TREE_HOOK_INTERFACE, SECURITY_MODULE_INTERFACE } from './mailbox-abi.js';
import { MailboxMessageError, parseMailboxMessage, type MailboxMessage } from './mailbox-message.js';
import { splitLogs } from './split-logs.js';

/** A message as the source chain has it: the mailbox's event and the tree's leaf. */
export interface DispatchedMessage {
  readonly message: MailboxMessage;
  /** Place in the tree. */
  readonly index: number;
  readonly block: number;
  readonly blockHash: string;
}

/** A leaf of the tree, whoever sent it. */
export interface TreeLeaf {
  readonly messageId: string;
  readonly index: number;
  readonly block: number;
  readonly blockHash: string;
}

/** Who a security module believes. */
export interface ValidatorSet {
  readonly validators: readonly string[];
  readonly threshold: number;
}

/** Hyperlane's mailbox and tree on one chain, for reading. Errors as readContract. */
export class MailboxClient {
  constructor(
    readonly provider: Provider,
    readonly mailbox: string,
    readonly hook: string,
  ) {}

  async domain(): Promise<number> {
    return Number(await readContract(this.mailboxContract(), 'reading the domain of a mailbox', 'localDomain', []));
  }

  async delivered(messageId: string): Promise<boolean> {
    return (await readContract(this.mailboxContract(), 'asking a mailbox for a message', 'delivered', [messageId])) as boolean;
  }

  /** Root and number of leaves after a block. */
  async treeAt(block: number): Promise<{ readonly root: string; readonly count: number }> {
    const tree = new Contract(this.hook, MERKLE_TREE_HOOK_INTERFACE, this.provider);
    try {
      const [root, count] = (await Promise.all([tree.getFunction('root')({ blockTag: block }), tree.getFunction('count')({ blockTag: block })])) as readonly [unknown, unknown];
      return { root: String(root), count: Number(count) };
    } catch (cause) {
      throw chainError(cause, `reading the tree of messages at block ${block}`, MERKLE_TREE_HOOK_INTERFACE);
    }
  }

  /** Leaves of blocks `from` to `to`, in order. */
  async leaves(from: number, to: number): Promise<readonly TreeLeaf[]> {
    const logs = await this.logs(this.hook, MERKLE_TREE_HOOK_INTERFACE.encodeFilterTopics('InsertedIntoTree', []), from, to);
    return logs.map((log) => {
      const args = MERKLE_TREE_HOOK_INTERFACE.decodeEventLog('InsertedIntoTree', log.data, log.topics);
      return { messageId: String(args['messageId']), index: Number(args['index']), block: log.blockNumber, blockHash: log.blockHash };
    });
  }

  /** What `senders` dispatched in blocks `from` to `to`, in order. A message without a leaf was sent past the tree, and nobody signs it. */
  async dispatched(senders: readonly string[], from: number, to: number): Promise<readonly DispatchedMessage[]> {
    if (senders.length === 0) return [];
    const logs = await this.logs(this.mailbox, MAILBOX_INTERFACE.encodeFilterTopics('Dispatch', [[...senders]]), from, to);
    if (logs.length === 0) return [];
    const leaves = new Map((await this.leaves(from, to)).map((leaf) => [leaf.messageId, leaf]));
    return logs.flatMap((log) => {
      const message = parseMailboxMessage(String(MAILBOX_INTERFACE.decodeEventLog('Dispatch', log.data, log.topics)['message']));
      const leaf = leaves.get(message.id);
      return leaf === undefined ? [] : [{ message, index: leaf.index, block: leaf.block, blockHash: leaf.blockHash }];
    });
  }

  private mailboxContract(): Contract {
    return new Contract(this.mailbox, MAILBOX_INTERFACE, this.provider);
  }

  private logs(address: string, topics: ReturnType<typeof MAILBOX_INTERFACE.encodeFilterTopics>, fromBlock: number, toBlock: number): Promise<readonly Log[]> {
    return splitLogs(this.provider, { address, topics, fromBlock, toBlock }, `reading what the mailbox ${this.mailbox} sent`);
  }
}

/** Whom the module of a gateway believes. @throws MailboxMessageError where it is of no kind that this program has signatures for */
export async function validatorsOf(provider: Provider, gateway: string): Promise<ValidatorSet> {
  const contract = new Contract(gateway, HYPERLANE_GATEWAY_INTERFACE, provider);
  const module = String(await readContract(contract, 'asking a gateway for its security module', 'interchainSecurityModule', []));
  const asked = new Contract(module, SECURITY_MODULE_INTERFACE, provider);
  const [validators, threshold] = (await readContract(asked, 'asking a security module for its validators', 'validatorsAndThreshold', ['0x'])) as readonly [readonly string[], bigint];
  if (validators.length === 0) throw new MailboxMessageError(`the security module ${module} has no validators of its own`, { module });
  return { validators: [...validators], threshold: Number(threshold) };
}
