import { fork, type ChildProcess, type ForkOptions } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';

/*
 * Compiled, a module and its worker are .js files. Run from the sources through tsx, both are .ts, and the worker needs tsx's loader:
 * a process gets it by flag, a thread only by code (Node 20 does not run tsx's flag in threads). It is found from here, for it need not
 * be installed where the program is run.
 */

/** Starts the sibling module `name` (no extension) of the module at `parent` in a thread, with a copy of `workerData`. */
export function startThread(parent: string, name: string, workerData: unknown): Worker {
  const { url, fromSources } = sibling(parent, name);
  if (!fromSources) return new Worker(url, { workerData });
  // By its place beside the loader: require, which finds modules here, gives tsx's CommonJS form, which registers nothing.
  const api = new URL('./esm/api/index.mjs', loaderUrl()).href;
  const bootstrap = `import(${JSON.stringify(api)}).then(({ register }) => { register(); return import(${JSON.stringify(url.href)}); });`;
  return new Worker(bootstrap, { eval: true, execArgv: [], workerData });
}

/** Starts it in a process with an IPC channel that carries bigints. `flags` are Node's. */
export function startProcess(parent: string, name: string, options: Pick<ForkOptions, 'stdio' | 'detached'>, flags: readonly string[] = []): ChildProcess {
  const { url, fromSources } = sibling(parent, name);
  const execArgv = [...(fromSources ? ['--import', loaderUrl()] : []), ...flags];
  return fork(fileURLToPath(url), [], { ...options, serialization: 'advanced', execArgv });
}

/**
 * Where tsx's loader lies. Not by import.meta.resolve: what tsx itself loads as CommonJS, as it does for mocha, has none.
 */
function loaderUrl(): string {
  return pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
}

function sibling(parent: string, name: string): { readonly url: URL; readonly fromSources: boolean } {
  const fromSources = parent.endsWith('.ts');
  return { url: new URL(`./${name}.${fromSources ? 'ts' : 'js'}`, parent), fromSources };
}
