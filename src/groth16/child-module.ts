import { fork, type ChildProcess, type ForkOptions } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
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
  const bootstrap = `import(${JSON.stringify(moduleOfTsx('dist/esm/api/index.mjs'))}).then(({ register }) => { register(); return import(${JSON.stringify(url.href)}); });`;
  return new Worker(bootstrap, { eval: true, execArgv: [], workerData });
}

/** Starts it in a process with an IPC channel that carries bigints. `flags` are Node's. */
export function startProcess(parent: string, name: string, options: Pick<ForkOptions, 'stdio' | 'detached'>, flags: readonly string[] = []): ChildProcess {
  const { url, fromSources } = sibling(parent, name);
  const execArgv = [...(fromSources ? ['--import', moduleOfTsx('dist/loader.mjs')] : []), ...flags];
  return fork(fileURLToPath(url), [], { ...options, serialization: 'advanced', execArgv });
}

function sibling(parent: string, name: string): { readonly url: URL; readonly fromSources: boolean } {
  const fromSources = parent.endsWith('.ts');
  return { url: new URL(`./${name}.${fromSources ? 'ts' : 'js'}`, parent), fromSources };
}

/** By file: import.meta.resolve is not there where a loader turns modules into scripts, as test runners do. */
function moduleOfTsx(file: string): string {
  return pathToFileURL(join(dirname(createRequire(import.meta.url).resolve('tsx/package.json')), file)).href;
}
