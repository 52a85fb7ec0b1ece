import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ClearproofError } from '../error/clearproof-error.js';
import { ServiceClient } from '../service/client/service-client.js';
import { runTool } from './command-line.js';
import type { LoadTarget } from './load-target.js';

/*
 * Uploads a snapshot of any size, made while it is sent, and watches the memory of the process that takes it. By hand:
 *   node build/js/src/toolchain/upload-memory.js --megabytes 300 --limit 200
 */

const MEGABYTE = 2 ** 20;
/** Of one account: a long sub-account and a user id as venues have them. */
const USER = 'customer-0000-0000-0000-';

/** The process that took the upload grew by more than the limit. */
export class UploadMemoryError extends ClearproofError {
  readonly code = 'UPLOAD_MEMORY';
}

function* accounts(bytes: number): Generator<Buffer> {
  let sent = 0;
  for (let first = 0; sent < bytes; first += 1_000) {
    const lines = Array.from({ length: 1_000 }, (_none, index) =>
      `{"user":"${USER}${(first + index).toString().padStart(12, '0')}","subAccount":"0","holdings":{"USDC":"${first + index + 1}.123456"}}\n`);
    const piece = Buffer.from(lines.join(''));
    sent += piece.length;
    yield piece;
  }
}

async function main(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { megabytes: { type: 'string', default: '300' }, limit: { type: 'string', default: '500' } } });
  const child = fork(fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? 'load-target.ts' : 'load-target.js', import.meta.url)), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const resident = async (): Promise<number> => Math.round(Number(/^VmRSS:\s+(\d+) kB$/m.exec(await readFile(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1_024);
  try {
    const [{ url, token, market }] = await once(child, 'message') as [LoadTarget];
    const before = await resident();
    let most = before;
    const timer = setInterval(() => {
      void resident().then((now) => {
        most = Math.max(most, now);
        console.log(`${now} MB`);
      }, () => undefined);
    }, 5_000);
    const began = performance.now();
    const snapshot = await new ServiceClient({ url, token }).uploadSnapshot({
      bytes: Readable.from(accounts(Number(values.megabytes) * MEGABYTE)), format: 'ndjson', market, name: 'generated',
    });
    clearInterval(timer);
    console.log(`${snapshot.accounts} accounts in ${Math.round((performance.now() - began) / 1_000)} s; memory ${before} MB before, ${most} MB at most`);
    if (most - before > Number(values.limit)) throw new UploadMemoryError(`memory grew by ${most - before} MB, more than ${values.limit}`, { before, most });
  } finally {
    child.kill();
  }
}

await runTool(main);
