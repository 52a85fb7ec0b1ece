import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { anvilWallet } from '../../../chain/anvil.js';
import { signCheckpoint } from '../../../chain/mailbox-message.js';
import { mineBlocks } from '../../../chain/test-chain.js';
import { SECRET_FILE, writeFileAtomically } from '../../../file/atomic-file.js';
import type { KeeperLog } from '../../../keeper/keeper-log.js';
import { SYSTEM_CLOCK } from '../../../keeper/keeper-ports.js';
import { EvmValidatorSource } from '../../../keeper/relay/evm-chain.js';
import { SignatureJournal } from '../../../keeper/relay/journal.js';
import { RELAYER_FORMAT } from '../../../keeper/relay/relay-config-format.js';
import { RelayMetrics } from '../../../keeper/relay/relay-metrics.js';
import { publishSignature } from '../../../keeper/relay/signatures.js';
import { Validator } from '../../../keeper/relay/validator.js';
import { PROGRAM } from '../demo-process.js';
import { DemoCheckError } from './crosschain-report.js';
import { VALIDATORS, type ChainEnd, type ChainEnds } from './ends.js';

/** An origin, and who takes its messages. */
export interface DemoRoute {
  readonly name: string;
  readonly from: ChainEnd;
  readonly to: ChainEnd;
  readonly origin: string;
  readonly recipient: string;
  readonly keep: Readonly<Record<string, string>>;
}

const SILENT: KeeperLog = { info: () => undefined, warn: () => undefined, error: () => undefined };
/** Sends for the relayer and for nothing else. */
export const RELAYER = 9;
const MOST_GAS_PRICE = 10n ** 12n;
const PATIENCE_MS = 180_000;
const MOMENT_MS = 250;
const POLL_MS = 500;

/** Three validators of each chain, all in this process; two would do. */
export class DemoValidators {
  private constructor(private readonly ending: AbortController, private readonly work: Promise<unknown>, private readonly journals: readonly SignatureJournal[]) {}

  static async start(ends: ChainEnds, folder: string): Promise<DemoValidators> {
    const [ending, journals, work] = [new AbortController(), [] as SignatureJournal[], [] as Promise<void>[]];
    for (const end of [ends.home, ends.other]) {
      for (const index of VALIDATORS) {
        const key = anvilWallet(index, null);
        const { connection: { chainId, provider }, hyperlane: { mailbox, hook, block }, gateway } = end;
        const source = await EvmValidatorSource.open({ chainId, mailbox, hook, fromBlock: block }, provider, [gateway], 0);
        const journal = await SignatureJournal.open(join(folder, `journal-${end.name}-${index}`), { origin: source.domain, hook, validator: key.address });
        journals.push(journal);
        const validator = new Validator({
          source, journal, validator: key.address, sign: (checkpoint) => signCheckpoint(key, checkpoint), publish: (signed) => publishSignature(signaturesOf(folder, end, index), signed),
          clock: SYSTEM_CLOCK, log: SILENT, metrics: new RelayMetrics(), pollMs: POLL_MS,
        });
        work.push(validator.run(ending.signal));
      }
    }
    return new DemoValidators(ending, Promise.all(work), journals);
  }

  async stop(): Promise<void> {
    this.ending.abort();
    await this.work;
    await Promise.all(this.journals.map((journal) => journal.close()));
  }
}

/** `clearproof relay run` in a process of its own. */
export class DemoRelayer {
  private said = '';

  private constructor(private readonly child: ChildProcess) {
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.said += text));
  }

  /** @param state name of its state file: another one knows nothing of what the first did */
  static async start(ends: ChainEnds, routes: readonly DemoRoute[], folder: string, state: string): Promise<DemoRelayer> {
    const [config, key] = [join(folder, `relay-${state}.json`), join(folder, 'relayer.key')];
    const chains = [ends.home, ends.other].map(({ name, connection, hyperlane: { mailbox, hook, block } }) => ({ name, chainId: String(connection.chainId), mailbox, hook, fromBlock: String(block) }));
    await writeFileAtomically(config, JSON.stringify({
      format: RELAYER_FORMAT, version: 1, stateFile: `${state}.state.json`, pollSeconds: '1', maxGasPrice: String(MOST_GAS_PRICE), chains,
      routes: routes.map(({ name, from, to, origin, recipient, keep }) => ({
        name, from: from.name, to: to.name, origin, recipient, keep,
        gateways: [{ sends: from.gateway, delivers: to.gateway, signatures: VALIDATORS.map((index) => signaturesOf(folder, from, index)) }],
      })),
    }));
    await writeFileAtomically(key, anvilWallet(RELAYER, null).privateKey, SECRET_FILE);
    const args = ['relay', 'run', '--config', config, '--rpc', `home=${ends.home.node.url}`, '--rpc', `other=${ends.other.node.url}`, '--key-file', key];
    return new DemoRelayer(spawn(process.execPath, [PROGRAM, ...args], { stdio: ['ignore', 'ignore', 'pipe'] }));
  }

  /** Lines of its log whose event is one of these. */
  told(...events: readonly string[]): readonly Readonly<Record<string, unknown>>[] {
    const lines = this.said.split('\n').slice(0, -1).filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Record<string, unknown>);
    return lines.filter(({ event }) => events.includes(String(event)));
  }

  /** The last of what it said, for an error. */
  get last(): string {
    return this.said.split('\n').slice(-6).join('\n');
  }

  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }
}

/** Waits for what carriers bring about. @param ends their chains make blocks meanwhile, for time passes by blocks */
export async function until(what: string, holds: () => Promise<boolean>, relayer?: DemoRelayer, ends?: ChainEnds): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (Date.now() > end) throw new DemoCheckError(`waited in vain until ${what}; the relayer's last words: ${relayer?.last ?? 'none'}`, { check: what });
    if (ends !== undefined) await Promise.all([ends.home, ends.other].map(({ connection: { provider } }) => mineBlocks(provider, 1)));
    await setTimeout(MOMENT_MS);
  }
}

function signaturesOf(folder: string, { name }: ChainEnd, index: number): string {
  return join(folder, `signatures-${name}-${index}`);
}
