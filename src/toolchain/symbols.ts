/** Wires of a compiled circuit by signal name: the text of its .sym file, lines `label,wire,component,name`. */
export interface Symbols {
  /** Wire of a signal by its full name, such as `main.leaf.inputs[3]`; -1 for one the compiler removed. */
  readonly wireOf: ReadonlyMap<string, number>;
}

export function parseSymbols(text: string): Symbols {
  const wireOf = new Map<string, number>();
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const [, wire, , name] = line.split(',');
    if (wire !== undefined && name !== undefined) wireOf.set(name, Number(wire));
  }
  return { wireOf };
}

/** Names of the public signals in the order of their wires 1…count, an array named once where its first element stands. */
export function publicSignalNames(symbols: Symbols, count: number): readonly string[] {
  const byWire = new Map<number, string>();
  for (const [name, wire] of symbols.wireOf) {
    // Several names may share a wire; the public one is the main component's own, which has no further point.
    const own = /^main\.([^.[]+)(\[\d+\])*$/.exec(name)?.[1];
    if (own !== undefined && wire >= 1 && wire <= count && !byWire.has(wire)) byWire.set(wire, own);
  }
  const names = Array.from({ length: count }, (_, index) => byWire.get(index + 1) ?? `wire ${index + 1}`);
  return names.filter((name, index) => name !== names[index - 1]);
}
