/** How many epochs' trees are open at once; users ask for the last ones. */
const MOST_OPEN = 8;

interface Entry<Value> {
  readonly value: Promise<Value>;
  uses: number;
  closing: boolean;
}

/** Values by epoch row that take long to open and must be closed: the last used stay open, and none is closed while it is in use. */
export class OpenEpochs<Value> {
  private readonly entries = new Map<bigint, Entry<Value>>();

  constructor(
    private readonly open: (epoch: bigint) => Promise<Value>,
    private readonly shut: (value: Value) => Promise<void>,
    private readonly most = MOST_OPEN,
  ) {}

  async use<Result>(epoch: bigint, work: (value: Value) => Promise<Result>): Promise<Result> {
    const entry = this.entries.get(epoch) ?? { value: this.open(epoch), uses: 0, closing: false };
    // Set anew: the map is in the order of use.
    this.entries.delete(epoch);
    this.entries.set(epoch, entry);
    entry.uses += 1;
    this.evict();
    try {
      return await work(await entry.value.catch((cause: unknown) => {
        // The next to ask tries again.
        if (this.entries.get(epoch) === entry) this.entries.delete(epoch);
        throw cause;
      }));
    } finally {
      entry.uses -= 1;
      await this.close(entry);
    }
  }

  /** Opens it anew next time. */
  async forget(epoch: bigint): Promise<void> {
    const entry = this.entries.get(epoch);
    if (entry === undefined) return;
    this.entries.delete(epoch);
    entry.closing = true;
    await this.close(entry);
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.entries.keys()].map((epoch) => this.forget(epoch)));
  }

  private evict(): void {
    for (const [epoch] of this.entries) {
      if (this.entries.size <= this.most) return;
      void this.forget(epoch);
    }
  }

  /** The last one out closes. */
  private async close(entry: Entry<Value>): Promise<void> {
    if (!entry.closing || entry.uses > 0) return;
    entry.closing = false;
    await entry.value.then((value) => this.shut(value), () => undefined);
  }
}
