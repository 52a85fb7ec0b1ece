import assert from 'node:assert/strict';
import { copyFile, mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { delimiter, join, resolve } from 'node:path';
import { bulkPoseidon } from '../../src/commitment/poseidon-bulk.js';
import { committedAccount, buildEpoch, TEST_SHAPE } from '../builders/epoch.js';
import { smallMarket } from '../builders/market.js';
import { calculateWitness } from '../harness/r1cs.js';

interface WasmTester { calculateWitness(input: Record<string, unknown>, sanityCheck: boolean): Promise<bigint[]> }
const { wasm: wasmTester } = createRequire(import.meta.url)('circom_tester') as {
  wasm: (file: string, options: { recompile: boolean; output: string }) => Promise<WasmTester>;
};

describe('our runner of circom\'s WebAssembly', () => {
  before(() => {
    process.env.PATH = `${resolve('test/harness/bin')}${delimiter}${process.env.PATH ?? ''}`;
  });

  for (const [circuit, place] of [[TEST_SHAPE.batchCircuit, 0], [TEST_SHAPE.closeCircuit, undefined]] as const) {
    it(`computes the witness that circom_tester computes for ${circuit}`, async () => {
      const poseidon = await bulkPoseidon();
      const accounts = Array.from({ length: 16 }, (_, seed) => committedAccount(poseidon, BigInt(seed), smallMarket(), [], [0n, 0n, 0n]));
      const epoch = buildEpoch(poseidon, smallMarket(), accounts);
      const input = place === undefined ? epoch.close : epoch.batches[place] ?? {};
      const wasm = join('build/circuits', circuit, `${circuit}.wasm`);
      const folder = 'build/test/circom-tester';
      await mkdir(join(folder, `${circuit}_js`), { recursive: true });
      await copyFile(wasm, join(folder, `${circuit}_js`, `${circuit}.wasm`));
      const expected = await (await wasmTester(`build/circuits/main/${circuit}.circom`, { recompile: false, output: folder })).calculateWitness(input, true);
      assert.deepEqual(await calculateWitness(wasm, input), expected);
    });
  }
});
