import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CircuitDefinition } from '../../src/groth16/circuit-list.js';
import { circuitPaths, compileCircuit, compiledAlready, constraintCount } from '../../src/toolchain/circuits.js';
import { parseSymbols, publicSignalNames } from '../../src/toolchain/symbols.js';
import { compileForTest } from '../harness/circuit.js';
import { calculateWitness } from '../harness/r1cs.js';
import { PRODUCT_INPUT } from '../groth16/tiny-circuits.js';

const product: CircuitDefinition = Object.freeze({
  name: 'product', template: 'Product', source: 'circuits/product.circom', parameters: [], publicSignals: ['label', 'product'], use: 'test',
} as const);
const library = 'test/groth16';

describe('compilation of circuits', () => {
  let directory: string;
  before(async () => {
    await mkdir('build', { recursive: true });
    // Below the repository's root: circom2 reads nothing outside.
    directory = await mkdtemp('build/test-compile-');
  });
  after(() => rm(directory, { recursive: true, force: true }));

  it('leaves constraints, generator and symbols, and nothing else', async () => {
    const compiled = await compileCircuit(product, directory, library);
    assert.deepEqual(compiled, circuitPaths('product', directory));
    assert.equal(await constraintCount(compiled.r1cs), 1);
    assert.deepEqual((await readdir(join(directory, 'product'))).sort(), ['product.r1cs', 'product.sym', 'product.wasm']);
    assert.deepEqual((await readdir(directory)).sort(), ['main', 'product']);
    assert.match(await readFile(join(directory, 'main', 'product.circom'), 'utf8'), /pragma circom 2\.2\.3;\ninclude "circuits\/product\.circom";\ncomponent main \{public \[label, product\]\} = Product\(\);/);
  });

  it('replaces an older result as a whole', async () => {
    await compileCircuit(product, directory, library);
    await writeFile(join(directory, 'product', 'stale'), '');
    await compileCircuit(product, directory, library);
    assert.equal(existsSync(join(directory, 'product', 'stale')), false);
  });

  it('refuses public signals in another order than the template declares, and leaves no file', async () => {
    const swapped = { ...product, name: 'swapped', publicSignals: ['product', 'label'] };
    await assert.rejects(compileCircuit(swapped, directory, library), {
      code: 'PUBLIC_SIGNALS', message: /circuit swapped: the compiled public signals are \(label, product\), circuits\.json says \(product, label\)/,
    });
    assert.equal(existsSync(join(directory, 'swapped')), false);
  });

  it('refuses a list that hides a public output', async () => {
    const hidden: CircuitDefinition = { ...product, name: 'hidden', template: 'Range', source: 'circuits/range.circom', parameters: [{ name: 'BITS', value: 8 }], publicSignals: ['value'] };
    await assert.rejects(compileCircuit(hidden, directory, library), { code: 'PUBLIC_SIGNALS', message: /are \(doubled, value\), circuits\.json says \(value\)/ });
  });

  it("shows circom's own words when it refuses a circuit", async () => {
    const wrong = { ...product, name: 'wrong', publicSignals: ['label', 'nonesuch'] };
    await assert.rejects(compileCircuit(wrong, directory, library), (error: Error & { code?: string }) => {
      assert.equal(error.code, 'CIRCUIT_COMPILE');
      assert.match(error.message, /nonesuch|public/i);
      assert.ok(!error.message.includes('\u001b'), 'without colours');
      return true;
    });
  });

  it('is found again while component, sources and result are the same, and not after', async () => {
    const sources = join(directory, 'sources');
    await mkdir(join(sources, 'circuits'), { recursive: true });
    const source = await readFile(join(library, 'circuits', 'product.circom'), 'utf8');
    await writeFile(join(sources, 'circuits', 'product.circom'), source);
    const main = { source: product.source, template: product.template, parameters: [], publicInputs: product.publicSignals };
    const found = (component = main): Promise<unknown> => compiledAlready(component, [product], directory, sources);
    const compiled = await compileCircuit(product, directory, sources);
    assert.deepEqual(await found(), compiled);
    assert.equal(await found({ ...main, template: 'Range' }), undefined);

    await writeFile(join(sources, 'circuits', 'product.circom'), `${source}\n`);
    assert.equal(await found(), undefined);
    await writeFile(join(sources, 'circuits', 'product.circom'), source);
    await writeFile(join(sources, 'circuits', 'more.circom'), '');
    assert.equal(await found(), undefined);
    await rm(join(sources, 'circuits', 'more.circom'));
    assert.deepEqual(await found(), compiled);

    const wasm = await readFile(compiled.wasm);
    await writeFile(compiled.wasm, wasm.subarray(1));
    assert.equal(await found(), undefined);
    await writeFile(compiled.wasm, wasm);
    await rm(compiled.sym);
    assert.equal(await found(), undefined);
  });

  it('an array of public signals is named once', () => {
    const symbols = parseSymbols('1,1,0,main.a\n2,2,0,main.words[0]\n3,3,0,main.words[1]\n4,4,0,main.b\n5,3,1,main.part.in\n6,-1,0,main.gone\n');
    assert.deepEqual(publicSignalNames(symbols, 4), ['a', 'words', 'b']);
    assert.equal(symbols.wireOf.get('main.gone'), -1);
  });

  it('a changed copy of the circuits compiles to another circuit', async () => {
    const root = join(directory, 'changed');
    await mkdir(root);
    const source = await readFile(join(library, 'circuits', 'product.circom'), 'utf8');
    await writeFile(join(root, 'product.circom'), source.replace('product === left * right', 'product === left * right + 1'));
    const spec = { source: 'product.circom', template: 'Product', public: ['label', 'product'] };
    const [honest, changed] = [await compileForTest(spec, { root: join(library, 'circuits') }), await compileForTest(spec, { root })];
    assert.notEqual(changed.name, honest.name);
    await assert.doesNotReject(calculateWitness(honest.wasm, PRODUCT_INPUT));
    await assert.rejects(calculateWitness(changed.wasm, PRODUCT_INPUT), { code: 'WITNESS_REFUSED', message: /Product line 9 fails/ });
  });
});
