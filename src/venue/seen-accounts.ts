import { createHash } from 'node:crypto';
import { DuplicateAccountError } from './import-errors.js';
import { quoted, type Place } from './place.js';

/** 32-bit words kept of an account's SHA-256: 128 bits, so that two accounts that share them cannot be found. */
const WORDS = 4;
const FIRST_SLOTS = 1_024;

/**
 * The accounts seen so far, by hash in one array: some 30 bytes an account, where a map of ids takes ten times that, which
 * counts in a service that takes millions of accounts while it proves.
 */
export class SeenAccounts {
  private slots = new Uint32Array(FIRST_SLOTS * WORDS);
  private count = 0;

  /** @throws DuplicateAccountError */
  add(userId: string, subAccount: number, place: Place): void {
    if ((this.count + 1) * 4 > (this.slots.length / WORDS) * 3) this.grow();
    if (!insert(this.slots, wordsOf(userId, subAccount))) {
      throw new DuplicateAccountError(
        place,
        `user ${quoted(userId)}, sub-account ${subAccount} came before: keep all rows of an account together and each account once`,
      );
    }
    this.count += 1;
  }

  private grow(): void {
    const larger = new Uint32Array(this.slots.length * 2);
    for (let at = 0; at < this.slots.length; at += WORDS) {
      const words = this.slots.subarray(at, at + WORDS);
      if (words[0] !== 0) insert(larger, words);
    }
    this.slots = larger;
  }
}

/** False when they are there. The first word of an empty slot is 0, of a taken one never. */
function insert(slots: Uint32Array, words: Uint32Array): boolean {
  const most = slots.length / WORDS - 1;
  for (let slot = (words[1] as number) & most; ; slot = (slot + 1) & most) {
    const at = slot * WORDS;
    if (slots[at] === 0) {
      slots.set(words, at);
      return true;
    }
    if (slots[at] === words[0] && slots[at + 1] === words[1] && slots[at + 2] === words[2] && slots[at + 3] === words[3]) return false;
  }
}

function wordsOf(userId: string, subAccount: number): Uint32Array {
  const digest = createHash('sha256').update(`${subAccount}:${userId}`).digest();
  const words = new Uint32Array(WORDS);
  for (let word = 0; word < WORDS; word += 1) words[word] = digest.readUInt32LE(word * 4);
  words[0] = (words[0] as number) | 1;
  return words;
}
