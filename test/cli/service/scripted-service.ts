import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { Command, CommanderError } from 'commander';
import type { EpochProgress, EpochSummary, ServiceOperations } from '../../../src/service/operations.js';
import { Output } from '../../../src/cli/output.js';
import type { Runner } from '../../../src/cli/runner.js';
import { addPinCommand } from '../../../src/cli/service/pin.js';
import { addServiceCommands } from '../../../src/cli/service/service-command.js';
import type { ConnectService, TargetOptions } from '../../../src/cli/service/target.js';

/** How a command ended that ran in this process. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** What was asked of the service, in order. */
  readonly asked: readonly string[];
  /** Options the service was connected with. */
  readonly target: TargetOptions | undefined;
  /** Connections left open. */
  readonly open: number;
}

export const EPOCH: EpochSummary = Object.freeze({
  epoch: 1, state: 'proving', snapshot: 'a1', market: '99', circuits: ['batch', 'close'], accountsRoot: null, requestedAt: '2026-01-01T00:00:00Z', finishedAt: null,
  transaction: null, attestationSha256: null,
});

export function progressOf(change: Partial<EpochProgress> = {}): EpochProgress {
  return { epoch: 1, state: 'proving', proofsDone: 1, proofsTotal: 3, remainingSeconds: 12.2, steps: { ready: 1, active: 1, done: 2, dead: 0 }, ...change };
}

/** Runs `clearproof service …` against operations of the test; any that it does not give is refused. */
export function runService(args: readonly string[], operations: Partial<ServiceOperations>): Promise<Ran> {
  const asked: string[] = [];
  return runConnected(args, () => Promise.resolve({ operations: recording(operations, asked), close: () => Promise.resolve() }), asked);
}

/** The same against whatever `connect` gives. */
export async function runConnected(args: readonly string[], connect: ConnectService, asked: readonly string[] = []): Promise<Ran> {
  const [stdout, stderr] = [new Collected(), new Collected()];
  let target: TargetOptions | undefined;
  let open = 0;
  let code = 0;
  const json = args.includes('--json');
  const run: Runner = (work, failed = 1) => async (...passed) => {
    const output = new Output(json, stdout, stderr);
    try {
      code = (await work(output, passed.at(-2) as never, passed.slice(0, -2) as string[])) ?? 0;
    } catch (error) {
      if (error instanceof CommanderError) throw error;
      output.fail(error);
      code = failed;
    }
  };
  const program = new Command('clearproof').exitOverride().configureOutput({ writeErr: (said) => void stderr.write(said), writeOut: (said) => void stdout.write(said) });
  const service = addServiceCommands(program, run, async (options) => {
    target = options;
    const connection = await connect(options);
    open += 1;
    return {
      operations: connection.operations,
      close: async () => {
        await connection.close();
        open -= 1;
      },
    };
  });
  addPinCommand(service, run);
  silence(program);
  try {
    await program.parseAsync(['service', ...args.filter((arg) => arg !== '--json')], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    code = error.exitCode === 0 ? 0 : 2;
  }
  return { code, stdout: stdout.said, stderr: stderr.said, asked, target, open };
}

/** Sub-commands exit and print by themselves unless told otherwise. */
function silence(command: Command): void {
  for (const one of command.commands) {
    one.exitOverride().configureOutput(command.configureOutput());
    silence(one);
  }
}

function recording(operations: Partial<ServiceOperations>, asked: string[]): ServiceOperations {
  return new Proxy(operations, {
    get: (given, name) => {
      if (typeof name === 'symbol' || name === 'then') return undefined;
      return (...args: readonly unknown[]) => {
        asked.push(`${name}(${args.map((arg) => JSON.stringify(arg, withoutStreams)).join(', ')})`);
        const answer = given[name as keyof ServiceOperations] as ((...given: readonly unknown[]) => unknown) | undefined;
        if (answer === undefined) throw new Error(`the test has no ${name}`);
        return answer(...args);
      };
    },
  }) as ServiceOperations;
}

function withoutStreams(key: string, value: unknown): unknown {
  return key === 'bytes' ? 'stream' : value;
}

/** All bytes of an upload. */
export function bytesOf(stream: Parameters<typeof text>[0]): Promise<string> {
  return text(stream);
}

class Collected extends Writable {
  said = '';

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.said += chunk.toString();
    done();
  }
}
