/** Proofs that are kept: of so many questions at most. A keeper asks few at a time. */
const MOST_KEPT = 256;

/**
 * Proofs by what they say. A transaction that waits for its price, or was refused because another came first, is asked for at every look; its
 * proofs are made once. They are gone with the process: what they say changes with every table.
 */
export class ProofMemory {
  private readonly kept = new Map<string, Promise<unknown>>();

  /** @param key of all that the proof depends on */
  once<Value>(key: string, prove: () => Promise<Value>): Promise<Value> {
    const known = this.kept.get(key) as Promise<Value> | undefined;
    if (known !== undefined) return known;
    const made = prove();
    this.kept.set(key, made);
    // Told to whoever awaits it; the next one who asks tries again.
    made.catch(() => this.kept.delete(key));
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= MOST_KEPT) break;
      this.kept.delete(oldest);
    }
    return made;
  }
}
