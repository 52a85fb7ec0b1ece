import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';

/** Which folders of src/ each folder may import, beside itself. The order is docs/decisions/0001. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  error: [],
  field: ['error'],
  file: ['error'],
  native: ['error'],
  'fixed-point': ['error', 'field'],
  venue: ['error', 'field', 'fixed-point'],
  risk: ['error', 'field', 'fixed-point', 'venue'],
  margin: ['error', 'field', 'fixed-point', 'venue', 'risk'],
  commitment: ['error', 'field', 'native', 'venue', 'risk'],
  tree: ['error', 'field', 'commitment'],
  statement: ['error', 'field', 'venue', 'risk', 'commitment', 'tree'],
  witness: ['error', 'field', 'venue', 'risk', 'margin', 'commitment', 'tree', 'statement'],
  groth16: ['error', 'field', 'file', 'native', 'fixed-point', 'statement', 'witness'],
  ceremony: ['error', 'field', 'file', 'groth16'],
  attestation: ['error', 'field', 'fixed-point', 'venue', 'risk', 'commitment', 'groth16'],
  clearing: ['error', 'field', 'fixed-point', 'venue', 'risk', 'margin', 'commitment', 'statement', 'witness', 'groth16', 'attestation'],
  liquidation: ['error', 'field', 'fixed-point', 'venue', 'risk', 'margin', 'commitment', 'statement', 'witness', 'groth16', 'attestation', 'clearing'],
  simulation: ['error', 'field', 'file', 'fixed-point', 'venue', 'risk', 'margin'],
  verification: ['error', 'field', 'fixed-point', 'venue', 'risk', 'margin', 'commitment', 'tree', 'statement', 'groth16', 'attestation'],
  proving: ['error', 'field', 'file', 'fixed-point', 'venue', 'risk', 'margin', 'commitment', 'tree', 'statement', 'witness', 'groth16', 'attestation', 'clearing', 'liquidation'],
  chain: ['error', 'field', 'file', 'fixed-point', 'venue', 'risk', 'commitment', 'statement', 'groth16', 'ceremony', 'attestation', 'clearing', 'liquidation'],
  keeper: ['error', 'field', 'file', 'fixed-point', 'venue', 'risk', 'margin', 'commitment', 'statement', 'witness', 'groth16', 'attestation', 'clearing', 'liquidation', 'proving', 'chain'],
  audit: ['error', 'field', 'file', 'fixed-point', 'venue', 'risk', 'margin', 'commitment', 'tree', 'statement', 'groth16', 'attestation', 'verification', 'chain'],
  store: ['error', 'field', 'file', 'fixed-point', 'venue', 'risk', 'commitment', 'tree', 'statement', 'witness', 'groth16', 'attestation', 'proving', 'chain'],
  service: ['error', 'field', 'file', 'fixed-point', 'venue', 'risk', 'margin', 'commitment', 'tree', 'statement', 'witness', 'groth16', 'ceremony', 'attestation', 'clearing', 'verification', 'proving', 'chain', 'store'],
};
/** Composition roots: wiring only, nobody imports them. */
const ROOTS = ['cli', 'toolchain', 'web'];

/** The one folder that may import each outside library. */
const IMPORTER: Readonly<Record<string, readonly string[]>> = {
  snarkjs: ['groth16'],
  ffjavascript: ['groth16'],
  ethers: ['chain'],
  'poseidon-lite': ['commitment'],
  circomlibjs: ['commitment', 'toolchain'],
  '@noble/hashes': ['commitment', 'statement', 'groth16', 'attestation'],
  'csv-parse': ['venue'],
  commander: ['cli'],
  echarts: ['risk', 'simulation', 'web'],
  vite: ['toolchain'],
  'simple-statistics': ['risk'],
  pg: ['store'],
  '@electric-sql/pglite': ['store'],
  'pg-boss': ['store'],
  autocannon: ['toolchain'],
  fastify: ['service'],
  '@fastify/rate-limit': ['service'],
  typebox: ['service'],
  'prom-client': ['service', 'keeper'],
  solc: ['toolchain'],
  circom2: ['toolchain'],
};

/** What the pages are made of: a root like the others, above these alone, so that nothing of a venue's gets into them. */
const WEB_MAY_IMPORT = ['error', 'field', 'fixed-point', 'venue', 'risk', 'margin', 'commitment', 'groth16', 'attestation', 'verification', 'chain', 'audit'];

/** Modules a browser must be able to load, with all they reach: verification, what opens buckets of receipts, a venue's history, the board, and the pages. */
const BROWSER_ROOTS = ['src/verification', 'src/attestation/receipt-bucket', 'src/chain/history', 'src/audit/board', 'src/web'];

interface Module { readonly file: string; readonly folder: string; readonly imports: readonly string[] }

const modules = sourceFiles('src').map(readModule);

describe('layers of src/', () => {
  it('every folder imports only what lies below it', () => {
    const wrong = modules.flatMap(({ file, folder, imports }) => imports
      .filter((name) => name.startsWith('.'))
      .map((name) => folderOf(normalize(join(dirname(file), name))))
      .filter((target) => target !== folder && !ROOTS.includes(folder) && !(MAY_IMPORT[folder] ?? []).includes(target))
      .map((target) => `${file} imports ${target}/`));
    assert.deepEqual(wrong, []);
  });

  it('every folder is one of the known layers', () => {
    const known = [...Object.keys(MAY_IMPORT), ...ROOTS];
    assert.deepEqual(readdirSync('src').filter((folder) => !known.includes(folder)), []);
  });

  it('the pages stand above verification, chain and audit, and reach nothing else', () => {
    const wrong = modules.filter(({ folder }) => folder === 'web').flatMap(({ file, imports }) => imports
      .filter((name) => name.startsWith('.') && /\.js$/.test(name))
      .map((name) => folderOf(normalize(join(dirname(file), name))))
      .filter((target) => target !== 'web' && !WEB_MAY_IMPORT.includes(target))
      .map((target) => `${file} imports ${target}/`));
    assert.deepEqual(wrong, []);
  });

  it('each outside library has one importer', () => {
    const wrong = modules.flatMap(({ file, folder, imports }) => imports
      .filter((name) => !name.startsWith('.') && !name.startsWith('node:'))
      .map(packageOf)
      .filter((name) => IMPORTER[name] !== undefined && !IMPORTER[name].includes(folder))
      .map((name) => `${file} imports ${name}`));
    assert.deepEqual(wrong, []);
  });

  it('imports form no cycle', () => {
    const graph = new Map(modules.map(({ file, imports }) => [file, imports.filter((name) => name.startsWith('.')).map((name) => resolve(file, name))]));
    assert.deepEqual(findCycle(graph), []);
  });

  it('what a browser runs reaches no module of Node', () => {
    const byFile = new Map(modules.map((module) => [module.file, module]));
    const reached = new Set<string>();
    const wrong: string[] = [];
    const visit = (file: string): void => {
      const module = byFile.get(file);
      if (module === undefined || reached.has(file)) return;
      reached.add(file);
      for (const name of module.imports) {
        if (name.startsWith('node:')) wrong.push(`${file} imports ${name}`);
        if (name.startsWith('.')) visit(resolve(file, name));
      }
    };
    modules.filter(({ file }) => BROWSER_ROOTS.some((root) => file.startsWith(root))).forEach(({ file }) => visit(file));
    assert.ok(reached.size > 10, 'the walk found the verification modules');
    assert.deepEqual(wrong, []);
  });
});

function sourceFiles(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return sourceFiles(path);
    return path.endsWith('.ts') && !path.endsWith('.d.ts') ? [path] : [];
  });
}

function readModule(file: string): Module {
  const text = readFileSync(file, 'utf8');
  // Type-only imports are erased, but they are dependencies of the reader: they count.
  const imports = [...text.matchAll(/^\s*(?:import|export)\b[^;]*?from\s+'([^']+)'/gms), ...text.matchAll(/import\(\s*'([^']+)'\s*\)/g)].map((match) => match[1] as string);
  return { file, folder: folderOf(file), imports };
}

function folderOf(path: string): string {
  return relative('src', path).split('/')[0] as string;
}

function packageOf(name: string): string {
  return name.split('/').slice(0, name.startsWith('@') ? 2 : 1).join('/');
}

function resolve(from: string, name: string): string {
  return normalize(join(dirname(from), name)).replace(/\.js$/, '.ts');
}

function findCycle(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const state = new Map<string, 'open' | 'done'>();
  const visit = (file: string, trail: readonly string[]): string[] => {
    if (state.get(file) === 'open') return [...trail.slice(trail.indexOf(file)), file];
    if (state.get(file) === 'done') return [];
    state.set(file, 'open');
    for (const next of graph.get(file) ?? []) {
      const cycle = visit(next, [...trail, file]);
      if (cycle.length > 0) return cycle;
    }
    state.set(file, 'done');
    return [];
  };
  for (const file of graph.keys()) {
    const cycle = visit(file, []);
    if (cycle.length > 0) return cycle;
  }
  return [];
}
