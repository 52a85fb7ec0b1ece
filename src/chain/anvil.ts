import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createRequire } from 'node:module';
import { HDNodeWallet, Mnemonic, type Provider } from 'ethers';
import { AnvilError } from './errors.js';

/** A local test chain in a process of its own. */
export interface AnvilNode {
  readonly url: string;
  readonly chainId: bigint;
  /** Ends the process; resolves when it has ended. Calling it again is harmless. */
  stop(): Promise<void>;
}

export interface AnvilOptions {
  /** 31337 unless told. */
  readonly chainId?: number;
  /** Unix seconds of the genesis block; now unless told. */
  readonly timestamp?: number;
  /** Longest wait for the first answer, milliseconds; 15,000 unless told. */
  readonly timeoutMs?: number;
  /** Keeps the chain from run to run, blocks included: written every second and at the end. */
  readonly stateFile?: string;
}

/** Funded on every anvil, known to everybody: never send anything of value there. */
const TEST_MNEMONIC = 'test test test test test test test test test test test junk';
const LISTENING = /Listening on (127\.0\.0\.1:\d+)/;
const STOP_TIMEOUT_MS = 5_000;

/**
 * Runs anvil under a shell that ends it when its standard input closes: so it ends with this process, however this one dies.
 * The watcher's standard output is closed, or its pipe would outlive anvil.
 */
const GUARD = [
  'exec 3<&0',
  '"$0" "$@" & node=$!',
  '{ exec >/dev/null 2>&1; cat <&3; kill "$node"; } & watcher=$!',
  'wait "$node"; status=$?',
  'kill "$watcher" 2>/dev/null',
  'exit "$status"',
].join('\n');

/** Starts anvil on a free port of the loopback interface and waits until it listens. Throws AnvilError. */
export async function startAnvil(options: AnvilOptions = {}): Promise<AnvilNode> {
  const chainId = options.chainId ?? 31337;
  const args = ['--host', '127.0.0.1', '--port', '0', '--chain-id', String(chainId), '--mnemonic', TEST_MNEMONIC];
  if (options.timestamp !== undefined) args.push('--timestamp', String(options.timestamp));
  if (options.stateFile !== undefined) args.push('--state', options.stateFile, '--state-interval', '1');
  const child = spawn('/bin/sh', ['-c', GUARD, anvilBinary(), ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  try {
    const address = await listeningAddress(child, options.timeoutMs ?? 15_000);
    return { url: `http://${address}`, chainId: BigInt(chainId), stop: () => stop(child, ended) };
  } catch (cause) {
    await stop(child, ended);
    throw cause;
  }
}

/** The wallet of one of anvil's funded accounts, 0 to 9. */
export function anvilWallet(index: number, provider: Provider | null): HDNodeWallet {
  const path = `m/44'/60'/0'/0/${index}`;
  return HDNodeWallet.fromMnemonic(Mnemonic.fromPhrase(TEST_MNEMONIC), path).connect(provider);
}

/** The program itself, from the package for this platform; its launcher package names platforms that not every registry has. */
function anvilBinary(): string {
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
  const name = `@foundry-rs/anvil-${process.platform}-${architecture}`;
  try {
    return createRequire(import.meta.url).resolve(`${name}/bin/anvil`);
  } catch (cause) {
    throw new AnvilError(`${name} is not installed: run "npm ci"; local chains run on x86-64 Linux`, { package: name }, { cause });
  }
}

function listeningAddress(child: ChildProcessWithoutNullStreams, timeoutMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    let errors = '';
    const timer = setTimeout(() => reject(new AnvilError(`anvil does not listen after ${timeoutMs} ms`, { timeoutMs })), timeoutMs);
    const settle = (action: () => void): void => {
      clearTimeout(timer);
      action();
    };
    // Both streams are read to the end, or anvil would block on a full pipe.
    child.stdout.on('data', (chunk: Buffer) => {
      if (output === 'done') return;
      output += chunk.toString();
      const address = LISTENING.exec(output)?.[1];
      if (address === undefined) return;
      output = 'done';
      settle(() => resolve(address));
    });
    child.stderr.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-2_000)));
    child.once('error', (cause) => settle(() => reject(new AnvilError('anvil cannot be started', {}, { cause }))));
    child.once('exit', (status) => settle(() => reject(new AnvilError(`anvil ended with status ${status ?? 'none'}: ${errors.trim()}`))));
  });
}

async function stop(child: ChildProcessWithoutNullStreams, ended: Promise<void>): Promise<void> {
  child.stdin.on('error', () => undefined);
  child.stdin.end();
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(timer);
}
