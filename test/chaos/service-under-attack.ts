import { spawnSync } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SECRET_FOLDER } from '../../src/file/atomic-file.js';
import { compiledProgram } from '../harness/compiled-program.js';
import { freePort } from '../harness/free-port.js';
import { AttackedProcess } from './attacked-process.js';
import { startAttackedVenue, writeConfig } from './attacked-venue.js';
import type { AttackedService } from './seed-run.js';

export type Deployment = 'embedded' | 'server';

/** A service that was set up and runs; `stop` ends its processes and its chain. */
export type RunningService = AttackedService & { stop(): Promise<void> };

/** @param databaseUrl of an empty database; without it the store is embedded and one process does everything */
export async function startService(folder: string, databaseUrl?: string): Promise<RunningService> {
  await mkdir(folder, { recursive: true, mode: SECRET_FOLDER });
  const venue = await startAttackedVenue(folder);
  const port = await freePort();
  const database = databaseUrl === undefined ? {} : { databaseUrl };
  const serve = await writeConfig(venue, 'serve', { port, ...database });
  const processes = [new AttackedProcess(['serve', '--config', serve], join(folder, 'serve.log'))];
  if (databaseUrl !== undefined) {
    const worker = await writeConfig(venue, 'worker', { port: 0, ...database, kinds: ['plan', 'prove', 'attest', 'receipts', 'retire'] });
    processes.push(new AttackedProcess(['worker', '--config', worker], join(folder, 'worker.log')));
  }
  // The store opens for the command line while no service holds it.
  const tokens = { operator: await makeToken(folder, serve, 'operator'), publisher: await makeToken(folder, serve, 'publisher') };
  for (const process of processes) process.start();
  return {
    venue, processes, url: `http://127.0.0.1:${port}`, tokens,
    async stop() {
      await Promise.all(processes.map((one) => one.stop()));
      await venue.stop();
    },
  };
}

async function makeToken(folder: string, config: string, role: string): Promise<string> {
  const file = join(folder, `${role}.token`);
  const args = ['service', 'tokens', 'create', '--config', config, '--role', role, '--label', 'chaos', '--out', file];
  const { status, stdout, stderr } = spawnSync(process.execPath, [compiledProgram(), ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`no token was made: ${stdout}${stderr}`);
  return (await readFile(file, 'utf8')).trim();
}
