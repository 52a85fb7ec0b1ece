import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { circuitSources } from '../../harness/circuit.js';

/** One edit of a circuit's source. `from` must stand there exactly once. */
export interface SourceEdit {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** A copy of circuits/ below build/ with edits; gives its root. */
export function mutatedCopy(edits: readonly SourceEdit[]): string {
  const texts = new Map<string, string>();
  for (const { file, from, to } of edits) {
    const text = texts.get(file) ?? readFileSync(join('circuits', file), 'utf8');
    assert.equal(text.split(from).length, 2, `"${from}" must stand once in circuits/${file}: bring the edit up to date`);
    texts.set(file, text.replace(from, () => to));
  }
  const key = createHash('sha256').update(JSON.stringify([...texts])).update(circuitSources('circuits')).digest('hex').slice(0, 16);
  const root = join('build/mutated-circuits', key);
  // Named by all it holds, so a copy that is there is the same: another process may be compiling it.
  if (existsSync(root)) return root;
  const temporary = `${root}.${process.pid}.tmp`;
  rmSync(temporary, { recursive: true, force: true });
  cpSync('circuits', temporary, { recursive: true });
  for (const [file, text] of texts) writeFileSync(join(temporary, file), text);
  try {
    renameSync(temporary, root);
  } catch (thrown) {
    rmSync(temporary, { recursive: true });
    if (!existsSync(root)) throw thrown;
  }
  return root;
}
