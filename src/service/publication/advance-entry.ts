import type { BlockMark, ChainHead, TransactionReceipt } from '../../chain/chain-node.js';
import { readRegistryCall, type RegistryCall } from '../../chain/registry-calls.js';
import type { Standing } from '../../chain/registry-standing.js';
import { attemptsOf, type OutboxAttempt } from '../../store/outbox-attempts.js';
import type { LeasedEntry } from '../../store/outbox-lease.js';
import { pushAttempt, signWithNewNonce } from './attempts.js';
import { EpochPublishedOtherwiseError, MisplacedEntryError, NodeContradictionError, TransactionRevertedError } from './publication-errors.js';
import type { Publisher } from './publisher.js';

/** What the chain says at one block, all of it by that block's state. */
interface Look {
  readonly call: RegistryCall;
  readonly head: ChainHead;
  readonly standing: Standing;
  /** Next nonce of the signer. */
  readonly nonce: number;
  readonly attempts: readonly OutboxAttempt[];
}

/**
 * Does what is next for an entry, then lets it rest. The chain is asked first, and by one block: where the signer's nonce is used
 * and the registry does not show the entry's work, no attempt of it can have succeeded there.
 */
export async function advanceEntry(publisher: Publisher, leased: LeasedEntry): Promise<void> {
  const call = requirePlace(publisher, leased);
  await publisher.node.requireChain();
  const look = await lookAt(publisher, leased, call);
  await publisher.reached('looked');
  if (leased.entry.block !== undefined) {
    if (await isCanonical(publisher, leased.entry.block, look.head)) return confirm(publisher, leased, look);
    await leased.setUnmined();
    await publisher.reached('unmined');
  }
  if (look.standing.is === 'same') return settle(publisher, leased, look);
  if (look.standing.is === 'other') return giveUp(publisher, leased, look.standing, look.head);
  const { nonce } = leased.entry;
  if (nonce === undefined) return signWithNewNonce(publisher, leased, look);
  if (nonce >= look.nonce) return pushAttempt(publisher, leased, look, nonce);
  return replaceLostNonce(publisher, leased, look, nonce);
}

/** @throws MisplacedEntryError; RegistryCallError */
function requirePlace(publisher: Publisher, { entry }: LeasedEntry): RegistryCall {
  const call = readRegistryCall(entry.calldata);
  const right = call.kind === entry.kind && call.venueId === publisher.venueId && entry.target.toLowerCase() === publisher.registry.toLowerCase()
    && (call.kind === 'open-snapshot' || call.epoch === entry.epoch);
  if (right) return call;
  throw new MisplacedEntryError(
    `${entry.kind} of epoch ${entry.epoch} is for ${entry.target}, and its bytes for ${call.kind} of venue ${call.venueId}; this publisher serves venue ${publisher.venueId} at ${publisher.registry}`,
    { target: entry.target, venueId: call.venueId },
  );
}

async function lookAt(publisher: Publisher, { entry }: LeasedEntry, call: RegistryCall): Promise<Look> {
  const head = await publisher.node.head();
  const standing = await publisher.standing.of(call, entry.epoch, head);
  const nonce = await publisher.node.nonceAt(publisher.signer.address, head);
  return { call, head, standing, nonce, attempts: (await attemptsOf(publisher.database, entry.id)).filter(({ filler }) => !filler) };
}

/** It stands there: by an attempt of ours, or by somebody else, which is as good. */
async function settle(publisher: Publisher, leased: LeasedEntry, look: Look): Promise<void> {
  const receipt = await ownReceipt(publisher, look);
  const block = receipt?.block ?? await blockOf(publisher, look);
  await leased.setMined(block, receipt);
  await publisher.reached('mined');
  return confirm(publisher, leased, look);
}

async function confirm(publisher: Publisher, leased: LeasedEntry, look: Look): Promise<void> {
  const { block, transactionHash } = leased.entry;
  if (block === undefined) throw new NodeContradictionError('an entry without a block cannot be confirmed');
  if (look.standing.is !== 'same') {
    throw new NodeContradictionError(
      `the node has block ${block.number} in its chain, in which ${leased.entry.kind} of epoch ${leased.entry.epoch} was done, and does not show it at block ${look.head.number}: use another node`,
      { block: block.number },
    );
  }
  // Nodes behind one end point may lag: a receipt that was not there when the work was first seen may be now.
  if (transactionHash === undefined && look.attempts.length > 0) {
    const receipt = await ownReceipt(publisher, look);
    if (receipt !== undefined) await leased.setMined(receipt.block, receipt);
  }
  if ((leased.entry.block ?? block).number <= await finalNumber(publisher, look.head)) {
    await leased.setFinal();
    await publisher.reached('final');
    return;
  }
  await leased.clearError();
  await rest(publisher, leased);
}

/** Only once it is as final as our own would be: a reorg may yet take it away. */
async function giveUp(publisher: Publisher, leased: LeasedEntry, { block, claim }: Standing & { is: 'other' }, head: ChainHead): Promise<void> {
  if (block > await finalNumber(publisher, head)) return rest(publisher, leased);
  const { epoch } = leased.entry;
  throw new EpochPublishedOtherwiseError(
    `epoch ${epoch} stands at the registry with accounts root ${claim.accountsRoot}, and not with what was proven here: find out who else publishes for this venue`,
    { epoch, accountsRoot: claim.accountsRoot, block },
  );
}

/**
 * The nonce went to another transaction, or to an attempt that the contract refused. Another nonce only when that is final: were it
 * undone, the earlier attempts could be mined again beside the new one.
 */
async function replaceLostNonce(publisher: Publisher, leased: LeasedEntry, look: Look, nonce: number): Promise<void> {
  const { node, signer } = publisher;
  const number = await finalNumber(publisher, look.head);
  const hash = number < 0 ? undefined : await node.blockHash(number);
  if (hash === undefined || await node.nonceAt(signer.address, { number, hash }) <= nonce) return rest(publisher, leased);
  const reverted = await ownReverted(publisher, look, nonce);
  // Counted once, by the visit that finds it without having said so.
  if (reverted !== undefined && leased.entry.error?.message.includes(reverted.hash) !== true) {
    throw new TransactionRevertedError(
      `transaction ${reverted.hash} was mined in block ${reverted.block.number} and refused by the contract; it is tried again with a new nonce`,
      { transaction: reverted.hash, block: reverted.block.number },
    );
  }
  return signWithNewNonce(publisher, leased, look);
}

async function rest(publisher: Publisher, leased: LeasedEntry): Promise<void> {
  await leased.postpone(publisher.settings.pollMs);
  await publisher.reached('postponed');
}

/** Number of the newest final block; negative on a chain that is younger. */
async function finalNumber({ node, settings }: Publisher, head: BlockMark): Promise<number> {
  return settings.confirmations === 'finalized' ? node.finalizedNumber() : head.number - settings.confirmations;
}

/** False after a reorg. A block beyond the head is not there either. */
async function isCanonical({ node }: Publisher, block: BlockMark, head: BlockMark): Promise<boolean> {
  return block.number <= head.number && await node.blockHash(block.number) === block.hash;
}

/** The attempt that did it, if a block up to the head holds one. */
async function ownReceipt(publisher: Publisher, look: Look): Promise<TransactionReceipt | undefined> {
  for (const attempt of [...look.attempts].reverse()) {
    const receipt = await receiptUpTo(publisher, attempt, look.head);
    if (receipt?.succeeded === true) return receipt;
  }
  return undefined;
}

async function ownReverted(publisher: Publisher, look: Look, nonce: number): Promise<TransactionReceipt | undefined> {
  for (const attempt of look.attempts.filter((candidate) => candidate.nonce === nonce)) {
    const receipt = await receiptUpTo(publisher, attempt, look.head);
    if (receipt === undefined) continue;
    if (!receipt.succeeded) return receipt;
    throw new NodeContradictionError(
      `the node says that transaction ${receipt.hash} succeeded in block ${receipt.block.number}, and that its work is not done at block ${look.head.number}: use another node`,
      { transaction: receipt.hash },
    );
  }
  return undefined;
}

async function receiptUpTo(publisher: Publisher, { hash }: OutboxAttempt, head: BlockMark): Promise<TransactionReceipt | undefined> {
  const receipt = await publisher.node.receipt(hash);
  if (receipt === undefined) return undefined;
  if (receipt.hash !== hash) throw new NodeContradictionError(`the node answers with the receipt of ${receipt.hash} for that of ${hash}: use another node`, { transaction: hash });
  return await isCanonical(publisher, receipt.block, head) ? receipt : undefined;
}

/** A block by which somebody else's work stands: its own where the registry keeps it, else the head. */
async function blockOf({ node }: Publisher, { standing, head }: Look): Promise<BlockMark> {
  const number = standing.is === 'same' ? standing.block : undefined;
  const hash = number === undefined ? undefined : await node.blockHash(number);
  return number === undefined || hash === undefined ? { number: head.number, hash: head.hash } : { number, hash };
}
