import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ClearproofError, messageOf } from '../error/clearproof-error.js';
import { readOptionalRecord } from './ceremony-folder.js';
import { messageToSign, parseContribution } from './ceremony-format.js';
import { hashOf, requireLastContribution, type KeyBefore } from './ceremony-keys.js';
import type { ContributedCircuit, ContributionRecord } from './ceremony-records.js';
import type { ContributionWork } from './contribution-work.js';

/** The record of a contribution over the circuits that are done, in its partial folder. */
export const UNFINISHED = 'unfinished.json';
/** The finished record. */
export const RECORD = 'contribution.json';

const OTHERS_MAY_WRITE = 0o022;

/**
 * What an earlier run of the same contribution has done: the first circuits, whose keys are as that run left them. Everything else is made again.
 *
 * Whoever can change this folder could put a contribution of theirs in the place of this contributor's, who would then vouch for it. So an earlier
 * run counts only if it was signed with the same key, or nobody else can write to the folder.
 */
export async function readUnfinished(
  partial: string, head: ContributionRecord, keys: readonly KeyBefore[], work: Pick<ContributionWork, 'signer' | 'onDiscard'>,
): Promise<readonly ContributedCircuit[]> {
  // The finished record is there when a run was killed, or lost a race, right before the folder got its number.
  const files = [join(partial, RECORD), join(partial, UNFINISHED)];
  for (const file of files) {
    try {
      const found = await readOptionalRecord(file, parseContribution);
      if (found === undefined) continue;
      await requireOwn(partial, found.value, head, work);
      return await intactCircuits(partial, found.value, keys, work);
    } catch (thrown) {
      if (!(thrown instanceof ClearproofError)) throw thrown;
      work.onDiscard?.(messageOf(thrown));
      await rm(file, { force: true });
    }
  }
  return [];
}

/** What an earlier run left is not of this contribution, or others may have changed it. It is made again. */
class UnfinishedContributionError extends ClearproofError {
  readonly code = 'UNFINISHED_CONTRIBUTION';
}

async function requireOwn(partial: string, found: ContributionRecord, head: ContributionRecord, { signer }: Pick<ContributionWork, 'signer'>): Promise<void> {
  const same = found.ceremony === head.ceremony && found.index === head.index && found.kind === head.kind && found.contributor === head.contributor
    && found.previous === head.previous && found.beacon?.announcement === head.beacon?.announcement && found.beacon?.blockHash === head.beacon?.blockHash;
  if (!same) throw new UnfinishedContributionError(`${partial} was begun on other keys, or by somebody else`, { folder: partial });
  if (head.kind === 'beacon') return;
  if (signer !== undefined) {
    const { signature } = found;
    if (signature?.address === signer.address && signer.check(messageToSign(found), signature)) return;
    throw new UnfinishedContributionError(`${partial} was not begun with this signing key`, { folder: partial });
  }
  const { uid, mode } = await stat(partial);
  if (uid === process.getuid?.() && (mode & OTHERS_MAY_WRITE) === 0) return;
  throw new UnfinishedContributionError(`others may have written to ${partial}, and nothing in it is signed`, { folder: partial });
}

async function intactCircuits(
  partial: string, found: ContributionRecord, keys: readonly KeyBefore[], { onDiscard }: Pick<ContributionWork, 'onDiscard'>,
): Promise<readonly ContributedCircuit[]> {
  const intact: ContributedCircuit[] = [];
  for (const [place, key] of keys.entries()) {
    const circuit = found.circuits[place];
    if (circuit === undefined || circuit.name !== key.name || circuit.previousSha256 !== key.sha256) break;
    const file = join(partial, `${key.name}.zkey`);
    if ((await hashOf(file)) !== circuit.zkeySha256) {
      onDiscard?.(`${file} is not what was made of it`);
      break;
    }
    await requireLastContribution(file, { index: found.index, contributionHash: circuit.contributionHash });
    intact.push(circuit);
  }
  return intact;
}
