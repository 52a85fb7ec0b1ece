import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';

const document = readFileSync('docs/formats.md', 'utf8');
const examples = [...document.matchAll(/^```\w+ (\S+)\n(.*?)^```$/gms)].map(([, name = '', text = '']) => ({ name, text }));

describe('docs/formats.md', () => {
  it('shows an example of each input format', () => {
    assert.deepEqual(examples.map((one) => one.name), [
      'accounts.csv', 'accounts.ndjson', 'wide.csv', 'wide-mapping.json', 'market.json', 'parameter-set.json', 'prices.json', 'surface.json',
    ]);
  });

  for (const { name, text } of examples) {
    it(`shows ${name} as the tests read it`, () => {
      const file = [`test/vectors/venue/${name}`, `test/vectors/risk/${name}`].find((one) => existsSync(one)) ?? name;
      assert.equal(text, readFileSync(file, 'utf8'));
    });
  }
});
