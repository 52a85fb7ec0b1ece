import { spawnSync } from 'node:child_process';

let compiled = false;

/**
 * `clearproof` as users run it, compiled from the sources as they are: from source, each run would spend seconds on its own
 * translation. `make` compiles only what is not up to date.
 */
export function compiledProgram(): string {
  if (!compiled) {
    const { status, stdout, stderr } = spawnSync('make', ['--silent', 'build'], { encoding: 'utf8', env: { ...process.env, MAKEFLAGS: '', MAKELEVEL: '' } });
    if (status !== 0) throw new Error(`the program does not compile:\n${stdout}${stderr}`);
    compiled = true;
  }
  return 'build/js/src/cli/main.js';
}
