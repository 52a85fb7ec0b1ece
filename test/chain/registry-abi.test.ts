import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Interface } from 'ethers';
import { REGISTRY_INTERFACE } from '../../src/chain/registry-abi.js';
import { MARKET_SOURCE_INTERFACE } from '../../src/chain/market-source.js';
import { STATED_MARKETS_INTERFACE } from '../../src/chain/stated-markets-client.js';
import { CONTRACT_ARTIFACTS, ensureContracts } from '../../src/toolchain/contracts.js';
import { readArtifact } from '../../src/chain/contract-artifact.js';

describe('the written interface of the registry', function () {
  this.timeout(240_000);
  let compiled: Interface;

  before(async () => {
    await ensureContracts({ root: '.' });
    compiled = (await readArtifact(CONTRACT_ARTIFACTS, 'SolvencyRegistry')).interface;
  });

  it('is part of the compiled contract, name by name and type by type', () => {
    const all = new Set(compiled.fragments.map((fragment) => fragment.format('full')));
    for (const fragment of REGISTRY_INTERFACE.fragments) {
      assert.ok(all.has(fragment.format('full')), `the contract has no ${fragment.format('full')}`);
    }
  });

  it('knows every error the contract can raise', () => {
    assert.deepEqual(errorsOf(REGISTRY_INTERFACE), errorsOf(compiled));
  });

  it('of a market source is that of StatedMarkets, whose errors are all known', async () => {
    const stated = (await readArtifact(CONTRACT_ARTIFACTS, 'StatedMarkets')).interface;
    // StatedMarkets answers without reading its state where a board reads: the board has the function as it is written.
    const board = (await readArtifact(CONTRACT_ARTIFACTS, 'MarketBoard')).interface;
    const all = new Set([stated, board, compiled].flatMap(({ fragments }) => fragments.map((fragment) => fragment.format('full'))));
    for (const { fragments } of [MARKET_SOURCE_INTERFACE, STATED_MARKETS_INTERFACE]) {
      for (const fragment of fragments) assert.ok(all.has(fragment.format('full')), `the contract has no ${fragment.format('full')}`);
    }
    for (const error of errorsOf(stated)) assert.ok(errorsOf(STATED_MARKETS_INTERFACE).includes(error), error);
  });

  it('has contracts below the size limits of the chain, of code and of creation code', async () => {
    for (const name of ['SolvencyRegistry', 'ReserveEscrow', 'MarketBoard', 'SolvencyGate']) {
      const artifact = JSON.parse(await readFile(join(CONTRACT_ARTIFACTS, `${name}.json`), 'utf8')) as Record<'bytecode' | 'deployedBytecode', string>;
      const [code, creation] = [artifact.deployedBytecode.length / 2 - 1, artifact.bytecode.length / 2 - 1];
      assert.ok(code > 0 && code <= 24_576, `${name}: ${code} bytes`);
      assert.ok(creation <= 49_152, `${name}: ${creation} bytes of creation code`);
    }
  });
});

function errorsOf(source: Interface): string[] {
  return source.fragments.filter(({ type }) => type === 'error').map((fragment) => fragment.format()).sort();
}
