import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { parseAttestation } from '../../attestation/attestation-format.js';
import type { Attestation } from '../../attestation/attestation.js';
import { anvilWallet } from '../../chain/anvil.js';
import { ClearproofError } from '../../error/clearproof-error.js';
import { SECRET_FILE, SECRET_FOLDER, writeFileAtomically } from '../../file/atomic-file.js';
import { serializeMarketTable } from '../../risk/market-table-json.js';
import { instrumentsOf } from '../../risk/tiers.js';
import { ServiceClient } from '../../service/client/service-client.js';
import type { OutboxSummary } from '../../service/operations.js';
import { writeSnapshotNdjson } from '../../venue/snapshot-writer.js';
import { readText } from '../files.js';
import type { Output } from '../output.js';
import { ATTESTATION_FILE } from '../publish.js';
import type { StoredSnapshot } from '../snapshot-folder.js';
import type { DemoChain } from './demo-chain.js';
import { PROGRAM, clearproof } from './demo-process.js';

/** The demo's service ended by itself, gave up a step, or does not answer. */
export class DemoServiceError extends ClearproofError {
  readonly code = 'DEMO_SERVICE';
}

const PATIENCE_MS = 120_000;
/** An epoch that has not moved for so long will not. */
const STUCK_MS = 600_000;
const POLL_MS = 300;

interface Setting {
  readonly chain: DemoChain;
  readonly circuits: readonly string[];
  readonly proofProcesses: number;
}

/** `clearproof serve` in a process of its own on an embedded store, and access to it: what a venue operates. */
export class DemoService {
  private child: ChildProcess | undefined;

  private constructor(
    private readonly directory: string,
    private readonly url: string,
    private readonly operator: ServiceClient,
    private readonly publisher: ServiceClient,
  ) {}

  static async start({ chain, circuits, proofProcesses }: Setting): Promise<DemoService> {
    const { keys, work } = chain.folders;
    const folder = join(work, 'service');
    await mkdir(folder, { recursive: true, mode: SECRET_FOLDER });
    const port = await freePort();
    await writeFile(join(folder, 'operator.key'), anvilWallet(0, chain.connection.provider).privateKey, { mode: SECRET_FILE });
    await writeFile(join(folder, 'rpc.url'), chain.node.url, { mode: SECRET_FILE });
    await writeFile(join(folder, 'service.json'), JSON.stringify({
      formatVersion: '1', mode: 'development', dataFolder: join(folder, 'data'), keysFolder: keys,
      venue: { deploymentFile: join(work, 'deployment.json'), circuits },
      // Blocks come only when something is sent.
      chain: { rpcUrlFile: join(folder, 'rpc.url'), publisherKeyFile: join(folder, 'operator.key'), confirmations: '0' },
      api: { port: port.toString() },
      worker: { processes: proofProcesses.toString(), leaseSeconds: '10' },
      receipts: { keyFile: join(folder, 'receipt.key') },
      log: { level: 'info' },
    }, undefined, 2), { mode: SECRET_FILE });
    const [operator, publisher] = [await makeToken(folder, 'operator'), await makeToken(folder, 'publisher')];
    const url = `http://127.0.0.1:${port}`;
    const service = new DemoService(folder, url, new ServiceClient({ url, token: operator }), new ServiceClient({ url, token: publisher }));
    await service.launch();
    return service;
  }

  /** Starts the process and waits until it takes work. */
  private async launch(): Promise<void> {
    const log = await open(join(this.directory, 'service.log'), 'a', SECRET_FILE);
    try {
      // A process group of its own: killing it takes its provers along.
      this.child = spawn(process.execPath, [PROGRAM, 'serve', '--config', join(this.directory, 'service.json')], { stdio: ['ignore', log.fd, log.fd], detached: true });
    } finally {
      await log.close();
    }
    await this.until('the service does not get ready', PATIENCE_MS, async () => (await this.operator.health()).ready);
  }

  /** Has the next snapshot opened on chain. */
  async open(epoch: number): Promise<void> {
    await this.until(`the snapshot of epoch ${epoch} is not opened`, PATIENCE_MS, async () => inBlock(await this.publisher.openSnapshot(epoch)));
  }

  /** Uploads table and accounts and starts the epoch. */
  async submit(epoch: number, { snapshot, market }: StoredSnapshot): Promise<void> {
    const { commitment } = await this.operator.addMarketTable(serializeMarketTable(market));
    const bytes = Readable.from(writeSnapshotNdjson(snapshot.accounts, instrumentsOf(market)));
    const { id, findings } = await this.operator.uploadSnapshot({ bytes, format: 'ndjson', market: commitment, name: 'accounts.ndjson' });
    if (findings.length > 0) throw new DemoServiceError(`the demo's snapshot cannot be proven: ${findings.join('; ')}`);
    await this.operator.startEpoch({ epoch, snapshot: id });
  }

  /** Waits until so many proofs of an epoch are made, showing progress. */
  async proofs(output: Output, epoch: number, wanted: number): Promise<void> {
    await this.until(`epoch ${epoch} does not get on`, STUCK_MS, async () => {
      const { proofsDone, proofsTotal, remainingSeconds } = await this.operator.progress(epoch);
      output.progress(`proof ${proofsDone} of ${proofsTotal}${remainingSeconds === null ? '' : `, about ${Math.ceil(remainingSeconds)} s left`}`);
      return proofsTotal > 0 && proofsDone >= Math.min(wanted, proofsTotal);
    });
    output.progressDone();
  }

  /** Ends the process at once, as the end of its machine would, and starts it again. */
  async crash(): Promise<void> {
    await this.end('SIGKILL');
    await this.launch();
  }

  /** Waits until the epoch stands on chain for good; writes the attestation. */
  async published(epoch: number): Promise<{ readonly attestation: Attestation; readonly transaction: string }> {
    await this.until(`epoch ${epoch} is not published`, STUCK_MS, async () => (await this.operator.epoch(epoch)).state === 'final');
    await this.until(`the receipts of epoch ${epoch} are not ready`, PATIENCE_MS, async () => (await this.operator.steps(epoch)).every(({ state }) => state === 'done'));
    const entry = (await this.operator.outbox()).find((one) => one.epoch === epoch && one.kind === 'submit-epoch');
    if (entry?.transaction === null || entry === undefined) throw new DemoServiceError(`epoch ${epoch} is final without a transaction`);
    const file = join(this.directory, '..', ATTESTATION_FILE);
    const text = await this.operator.attestation(epoch);
    await writeFileAtomically(file, text);
    return { attestation: parseAttestation(text, file), transaction: entry.transaction };
  }

  /** Tokens that open receipts, by user and sub-account, as the venue would mail them out. */
  async receiptTokens(epoch: number): Promise<ReadonlyMap<string, string>> {
    const tokens = new Map<string, string>();
    for await (const line of this.operator.receiptTokens(epoch)) {
      const { user, subAccount, token } = JSON.parse(line) as { user: string; subAccount: string; token: string };
      tokens.set(accountName({ userId: user, subAccount: Number(subAccount) }), token);
    }
    return tokens;
  }

  /** What a user gets for a token, who has no other access. */
  async receipt(token: string): Promise<string> {
    const receipt = await new ServiceClient({ url: this.url }).receiptByToken(token);
    if (receipt === undefined) throw new DemoServiceError('a receipt\'s token opens nothing');
    return receipt;
  }

  stop(): Promise<void> {
    return this.end('SIGTERM');
  }

  private async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const { child } = this;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    if (signal === 'SIGKILL') process.kill(-child.pid, signal);
    else child.kill(signal);
    await gone;
  }

  /** @throws DemoServiceError when it takes too long or the service is gone, and the service's own refusals at the end */
  private async until(problem: string, patience: number, done: () => Promise<boolean>): Promise<void> {
    const deadline = performance.now() + patience;
    let last: unknown;
    for (;;) {
      const log = join(this.directory, 'service.log');
      if (this.child !== undefined && this.child.exitCode !== null) throw new DemoServiceError(`the service ended with code ${this.child.exitCode}: read ${log}`);
      try {
        if (await done()) return;
        const dead = await this.operator.deadLetters();
        if (dead.length > 0) throw new DemoServiceError(`step ${dead[0]?.name} was given up (${dead[0]?.error?.message}): read ${log}`);
      } catch (cause) {
        if (cause instanceof DemoServiceError) throw cause;
        last = cause;
      }
      if (performance.now() > deadline) throw new DemoServiceError(`${problem}: read ${log}`, {}, { cause: last });
      await pause(POLL_MS);
    }
  }
}

/** Key of the token map. */
export function accountName({ userId, subAccount }: { readonly userId: string; readonly subAccount: number }): string {
  return `${subAccount}/${userId}`;
}

function inBlock({ state }: OutboxSummary): boolean {
  return state === 'mined' || state === 'final';
}

/** Made over the store itself, as a venue does before its service first starts. */
async function makeToken(folder: string, role: string): Promise<string> {
  const file = join(folder, `${role}.token`);
  await clearproof(['service', 'tokens', 'create', '--config', join(folder, 'service.json'), '--role', role, '--label', 'demo', '--out', file]);
  return (await readText(file)).trim();
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new DemoServiceError('no free port');
  return address.port;
}
