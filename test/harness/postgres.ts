import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { freePort } from './free-port.js';

/*
 * A PostgreSQL server of the tests' own: in a temporary folder, on a free port of the loopback interface, gone afterwards.
 * Where no PostgreSQL is installed, it is installed with apt-get (as root), as the project's other tools are.
 */

const USER = 'clearproof';
const PATIENCE_MILLISECONDS = 60_000;

/** initdb and postgres refuse to run as root. */
interface Identity { readonly uid: number; readonly gid: number }

export class PostgresServer {
  #process: ChildProcess | undefined;
  #exited: Promise<unknown> = Promise.resolve();
  #databases = 0;

  private constructor(
    private readonly binaries: string,
    readonly folder: string,
    private readonly port: number,
    private readonly settings: readonly string[],
    private readonly ownFolder: boolean,
  ) {}

  /** Makes a cluster, in `folder` when given (it must be empty), and starts it. `settings` as in postgresql.conf: `name=value`. */
  static async start(options: { readonly folder?: string; readonly settings?: readonly string[] } = {}): Promise<PostgresServer> {
    const binaries = findBinaries() ?? install();
    const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'clearproof-postgres-'));
    const identity = unprivileged();
    if (identity !== undefined) chownSync(folder, identity.uid, identity.gid);
    execFileSync(join(binaries, 'initdb'), ['-D', folder, '-U', USER, '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync', '--wal-segsize=1'],
      { ...identity, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
    const server = new PostgresServer(binaries, folder, await freePort(), options.settings ?? [], options.folder === undefined);
    await server.resume();
    return server;
  }

  /** The URL of a new, empty database. */
  async createDatabase(): Promise<string> {
    this.#databases += 1;
    const name = `test_${this.#databases}`;
    await this.#administer(`create database ${name}`);
    return this.url(name);
  }

  url(database: string): string {
    return `postgres://${USER}@127.0.0.1:${this.port}/${database}`;
  }

  /** Ends all connections to the database of `url` from the server's side. */
  async terminateConnections(url: string): Promise<void> {
    await this.#administer('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [new URL(url).pathname.slice(1)]);
  }

  /** Starts the server again, on the same port, and waits until it answers. */
  async resume(): Promise<void> {
    const settings = ['listen_addresses=127.0.0.1', `port=${this.port}`, 'unix_socket_directories=', 'fsync=off', 'max_connections=200', ...this.settings];
    const server = spawn(join(this.binaries, 'postgres'), ['-D', this.folder, ...settings.flatMap((setting) => ['-c', setting])],
      { ...unprivileged(), cwd: this.folder, stdio: 'ignore' });
    this.#process = server;
    this.#exited = new Promise((resolve) => server.once('exit', resolve));
    const deadline = Date.now() + PATIENCE_MILLISECONDS;
    while (!(await this.answers())) {
      if (Date.now() > deadline || server.exitCode !== null) throw new Error(`PostgreSQL in ${this.folder} does not start`);
      await sleep(30);
    }
  }

  /** Fast shutdown: connections end, the cluster is left clean. */
  async pause(): Promise<void> {
    this.#process?.kill('SIGINT');
    await this.#exited;
  }

  /** As in a power cut: what was not committed is lost, the next start recovers. */
  async crash(): Promise<void> {
    this.#process?.kill('SIGQUIT');
    await this.#exited;
  }

  async stop(): Promise<void> {
    await this.crash();
    if (this.ownFolder) rmSync(this.folder, { recursive: true, force: true });
  }

  /** As `stop`, for a process that is about to exit and cannot wait. */
  abandon(): void {
    this.#process?.kill('SIGQUIT');
    const clock = new Int32Array(new SharedArrayBuffer(4));
    // The last file that the server removes; an exiting process cannot wait for the event.
    for (let round = 0; round < 100 && existsSync(join(this.folder, 'postmaster.pid')); round += 1) Atomics.wait(clock, 0, 0, 30);
    if (this.ownFolder) rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  async answers(): Promise<boolean> {
    return this.#administer('select 1').then(() => true, () => false);
  }

  async #administer(text: string, values: readonly string[] = []): Promise<void> {
    const client = new pg.Client({ connectionString: this.url('postgres') });
    client.on('error', () => undefined);
    await client.connect();
    try {
      await client.query(text, [...values]);
    } finally {
      await client.end();
    }
  }
}

/** The newest installed. */
function findBinaries(): string | undefined {
  const packaged = '/usr/lib/postgresql';
  const versions = existsSync(packaged) ? readdirSync(packaged).sort((left, right) => Number(right) - Number(left)) : [];
  const folders = [...versions.map((version) => join(packaged, version, 'bin')), ...(process.env['PATH'] ?? '').split(':')];
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));
}

function install(): string {
  if (process.getuid?.() !== 0) throw new Error('no PostgreSQL (initdb, postgres) in /usr/lib/postgresql/*/bin or PATH; install one, or run as root so that it is installed');
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  // The package would make and start a cluster of its own, on the usual port.
  const script = `set -e
    apt-get update -qq
    apt-get install -qq --no-install-recommends postgresql-common
    mkdir -p /etc/postgresql-common
    sed -i -e '/create_main_cluster/d' /etc/postgresql-common/createcluster.conf
    echo 'create_main_cluster = false' >> /etc/postgresql-common/createcluster.conf
    apt-get install -qq --no-install-recommends postgresql`;
  execFileSync('bash', ['-c', script], { env: environment, stdio: ['ignore', 'ignore', 'pipe'] });
  const binaries = findBinaries();
  if (binaries === undefined) throw new Error('apt-get install postgresql left no initdb in /usr/lib/postgresql/*/bin');
  return binaries;
}

function unprivileged(): Identity | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody']) {
    try {
      const id = (flag: string): number => Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
      return { uid: id('-u'), gid: id('-g') };
    } catch {
      // No such user: the next one.
    }
  }
  throw new Error('neither a user postgres nor nobody: PostgreSQL does not run as root');
}
