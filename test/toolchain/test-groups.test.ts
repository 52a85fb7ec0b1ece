import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { testGroups } from '../../src/toolchain/test-groups.js';

describe('the groups of test files', () => {
  it('have every test file there is, each once, and no group without one', () => {
    const files = readdirSync('test', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.test.ts')).map((file) => `test/${file}`).sort();
    const groups = testGroups(files);
    assert.ok(files.length > 200);
    assert.deepEqual(groups.flatMap((group) => group.files).sort(), files);
    assert.equal(groups.some((group) => group.files.length === 0), false);
    assert.equal(new Set(groups.map(({ name }) => name)).size, groups.length);
  });

  it('put the longest first, a file where its path begins so, and other folders in groups of their own', () => {
    const files = ['test/a.test.ts', 'test/new/b.test.ts', 'test/flows/x.test.ts', 'test/flows/vault-x.test.ts', 'test/circuits/tree/t.test.ts', 'test/new/deep/c.test.ts'];
    assert.deepEqual(testGroups(files), [
      { name: 'circuits', files: ['test/circuits/tree/t.test.ts'] }, { name: 'flows-vault', files: ['test/flows/vault-x.test.ts'] }, { name: 'flows', files: ['test/flows/x.test.ts'] },
      { name: 'rules', files: ['test/a.test.ts'] }, { name: 'new', files: ['test/new/b.test.ts', 'test/new/deep/c.test.ts'] },
    ]);
  });
});
