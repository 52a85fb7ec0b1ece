import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { freePort } from '../harness/free-port.js';

/** The part of docs/operations.md that is run as it is written. */
const HEADING = '### From start to receipt';
/** Of the document; the test takes a free one. */
const PORT = '8080';

/** Its shell blocks, one script. */
export function walkThrough(): string {
  const text = readFileSync('docs/operations.md', 'utf8');
  const from = text.indexOf(HEADING);
  const part = text.slice(from, text.indexOf('\n### ', from + HEADING.length));
  return [...part.matchAll(/^```sh\n(.*?)^```$/gms)].map((match) => match[1]).join('\n');
}

/** A folder with `clearproof` as a command, which runs from source. */
export async function commandFolder(folder: string): Promise<string> {
  const bin = join(folder, 'bin');
  await mkdir(bin);
  await writeFile(join(bin, 'clearproof'), `#!/bin/sh\nexec ${process.execPath} --import ${resolve('node_modules/tsx/dist/loader.mjs')} ${resolve('src/cli/main.ts')} "$@"\n`);
  await chmod(join(bin, 'clearproof'), 0o755);
  return bin;
}

export interface ShellRun {
  readonly code: number | null;
  /** Both streams, with every command as it was run. */
  readonly said: string;
}

/** Runs a script in a folder, stopping at its first failure; what it leaves running is ended. */
export async function runScript(script: string, folder: string, environment: Readonly<Record<string, string>>): Promise<ShellRun> {
  const free = await freePort();
  await writeFile(join(folder, 'walk-through.sh'), script.replaceAll(`:${PORT}`, `:${free}`));
  const path = `${await commandFolder(folder)}:${process.env['PATH'] ?? ''}`;
  return new Promise((settle, reject) => {
    const shell = spawn('bash', ['-eu', '-o', 'pipefail', '-x', 'walk-through.sh'], {
      cwd: folder, detached: true, stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...environment, PATH: path, CLEARPROOF_API_PORT: free.toString() },
    });
    let said = '';
    for (const stream of [shell.stdout, shell.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (said += text));
    shell.once('error', reject);
    shell.once('exit', (code) => {
      // A group of its own: nothing else is in it.
      try {
        process.kill(-(shell.pid as number), 'SIGKILL');
      } catch {
        // All of it has ended, as it should.
      }
      settle({ code, said });
    });
  });
}
