/**
 * A small seeded generator for test data: xoshiro128** by Blackman and Vigna (public domain), 32-bit arithmetic only, so the
 * same seed gives the same numbers on every machine. Not for secrets.
 */
export class Random {
  private constructor(private readonly state: Uint32Array) {}

  /** From the four words of a state, not all zero. */
  static fromState(words: readonly [number, number, number, number]): Random {
    return new Random(Uint32Array.from(words));
  }

  static fromSeed(seed: string): Random {
    // FNV-1a over the text, then splitmix32 to fill a state that is never all zero in practice; `| 1` makes sure.
    let hash = 0x811c9dc5;
    for (const character of seed) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
    const state = new Uint32Array(4).map(() => {
      hash = (hash + 0x9e3779b9) | 0;
      let mixed = Math.imul(hash ^ (hash >>> 16), 0x21f0aaad);
      mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
      return mixed ^ (mixed >>> 15);
    });
    state[3] = (state[3] ?? 0) | 1;
    return new Random(state);
  }

  /** A uniform integer in [0, 2^32). */
  next(): number {
    const [a = 0, b = 0, c = 0, d = 0] = this.state;
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const c1 = c ^ a;
    const d1 = d ^ b;
    this.state.set([a ^ d1, b ^ c1, c1 ^ (b << 9), rotateLeft(d1, 11)]);
    return result;
  }

  /** A uniform integer in [0, bound). Requires 1 <= bound <= 2^32. */
  below(bound: number): number {
    const limit = 2 ** 32 - (2 ** 32 % bound);
    for (;;) {
      const drawn = this.next();
      if (drawn < limit) return drawn % bound;
    }
  }

  /** A uniform integer in [least, most]. */
  between(least: number, most: number): bigint {
    return BigInt(least + this.below(most - least + 1));
  }

  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  /** One entry of a list that is not empty. */
  pick<T>(list: readonly T[]): T {
    const found = list[this.below(list.length)];
    if (found === undefined) throw new RangeError('cannot pick from an empty list');
    return found;
  }

  /** `count` distinct entries, or all when the list is shorter, in random order. */
  sample<T>(list: readonly T[], count: number): T[] {
    const left = [...list];
    const drawn: T[] = [];
    while (drawn.length < count && left.length > 0) drawn.push(...left.splice(this.below(left.length), 1));
    return drawn;
  }
}

function rotateLeft(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}
