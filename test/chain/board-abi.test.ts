import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Interface } from 'ethers';
import { MARKET_BOARD_INTERFACE, PRICE_BOARD_INTERFACE } from '../../src/chain/board-abi.js';
import { readArtifact } from '../../src/chain/contract-artifact.js';
import { CONTRACT_ARTIFACTS, ensureContracts } from '../../src/toolchain/contracts.js';

for (const [name, written] of [['PriceBoard', PRICE_BOARD_INTERFACE], ['MarketBoard', MARKET_BOARD_INTERFACE]] as const) {
  describe(`the written interface of ${name}`, function () {
    this.timeout(120_000);
    let compiled: Interface;
    let bytes: number;

    before(async () => {
      await ensureContracts({ root: '.' });
      const artifact = await readArtifact(CONTRACT_ARTIFACTS, name);
      compiled = artifact.interface;
      // The code on the chain: what makes it may be twice as long.
      const { deployedBytecode } = JSON.parse(await readFile(join(CONTRACT_ARTIFACTS, `${name}.json`), 'utf8')) as Record<string, string>;
      bytes = ((deployedBytecode as string).length - 2) / 2;
    });

    it('is part of the compiled contract, name by name and type by type', () => {
      const all = new Set(compiled.fragments.map((fragment) => fragment.format('full')));
      assert.deepEqual(written.fragments.map((fragment) => fragment.format('full')).filter((fragment) => !all.has(fragment)), []);
    });

    it('knows every error the contract can raise', () => {
      const errors = (source: Interface): string[] => source.fragments.filter(({ type }) => type === 'error').map((fragment) => fragment.format()).sort();
      assert.deepEqual(errors(written), errors(compiled));
    });

    it('is of a contract below the size limit of the chain', () => {
      assert.ok(bytes > 0 && bytes < 24_576, `${bytes} bytes`);
    });
  });
}
