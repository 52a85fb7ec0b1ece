import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, normalize, join } from 'node:path';

const RUNTIME_IMPORT = /^(?:import|export)\s+(?!type\b)(?:[^'"]*?\sfrom\s+)?['"]([^'"]+)['"]/gm;

const ALLOWED = new Set(['attestation', 'commitment', 'error', 'field', 'fixed-point', 'groth16', 'margin', 'risk', 'statement', 'tree', 'venue', 'verification']);

/** Modules that are loaded when `entry` is, and what they import from outside the project. */
function closureOf(entry: string): { readonly modules: ReadonlySet<string>; readonly packages: ReadonlySet<string> } {
  const modules = new Set<string>();
  const packages = new Set<string>();
  const visit = (module: string): void => {
    if (modules.has(module)) return;
    modules.add(module);
    assert.ok(existsSync(module), module);
    for (const [, specifier = ''] of readFileSync(module, 'utf8').matchAll(RUNTIME_IMPORT)) {
      if (specifier.startsWith('.')) visit(normalize(join(dirname(module), specifier.replace(/\.js$/, '.ts'))));
      else packages.add(specifier);
    }
  };
  visit(entry);
  return { modules, packages };
}

describe('what an outsider runs', () => {
  for (const entry of ['src/verification/verify-receipt.ts', 'src/verification/verify-attestation.ts', 'src/verification/verify-stress.ts']) {
    const { modules, packages } = closureOf(entry);

    it(`${entry} loads no package that needs Node`, () => {
      assert.deepEqual([...packages].sort(), ['@noble/hashes/sha2', '@noble/hashes/sha3', '@noble/hashes/utils', 'ffjavascript', 'snarkjs']);
    });

    it(`${entry} loads nothing that makes proofs, keeps data or talks to a chain`, () => {
      assert.deepEqual([...modules].filter((module) => !ALLOWED.has(module.split('/')[1] ?? '')), []);
    });

    it(`${entry} reaches snarkjs only through groth16/verify`, () => {
      const importers = [...modules].filter((module) => /from 'snarkjs'/.test(readFileSync(module, 'utf8')));
      assert.deepEqual(importers, ['src/groth16/verify.ts']);
    });
  }
});
