import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { CONSTRAINT_SNAPSHOT, countConstraints } from '../../src/toolchain/constraints.js';

describe('the cost of every circuit', () => {
  it('is what test/snapshots/constraints.json says, recounted from source', async () => {
    assert.deepEqual(await countConstraints(), JSON.parse(await readFile(CONSTRAINT_SNAPSHOT, 'utf8')));
  });
});
