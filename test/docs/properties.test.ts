import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';

const CITATION = /`(test\/[^`]+)` "([^"]*)"/g;
const rows = readFileSync('docs/properties.md', 'utf8').split('\n').filter((line) => /^\| P-\d+ /.test(line));

describe('docs/properties.md', () => {
  it('numbers its properties without gaps', () => {
    assert.deepEqual(rows.map((row) => row.split('|')[1]?.trim()), rows.map((_, place) => `P-${place + 1}`));
  });

  for (const row of rows) {
    const id = row.split('|')[1]?.trim() ?? '';
    it(`names tests that stand where it says for ${id}`, () => {
      const cited = [...row.matchAll(CITATION)];
      assert.ok(cited.length > 0, `${id} cites no test`);
      for (const [, file = '', words = ''] of cited) {
        assert.ok(existsSync(file), `${id}: ${file} is not there`);
        assert.ok(words.length > 8, `${id}: ${file} is cited without words of a test`);
        assert.ok(readFileSync(file, 'utf8').includes(words), `${id}: "${words}" does not stand in ${file}`);
      }
    });
  }

  it('is cited by the threat model with numbers that exist', () => {
    const model = readFileSync('docs/threat-model.md', 'utf8');
    const cited = [...model.matchAll(/\bP-(\d+)/g)].map((match) => Number(match[1]));
    assert.ok(cited.length > 10);
    assert.ok(cited.every((number) => number >= 1 && number <= rows.length));
  });
});
