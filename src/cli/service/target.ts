import { Option, type Command } from 'commander';
import type { ServiceOperations } from '../../service/operations.js';
import type { Output } from '../output.js';
import type { Runner } from '../runner.js';

/** Which service a command speaks to: the store of a configuration, or a running service. */
export interface TargetOptions {
  readonly config?: string;
  readonly service?: string;
  readonly tokenFile?: string;
}

/** A way to a service; close it when done. */
export interface ServiceConnection {
  readonly operations: ServiceOperations;
  close(): Promise<void>;
}

export type ConnectService = (options: TargetOptions) => Promise<ServiceConnection>;

/** Adds the options that name the service. */
export function withTarget(command: Command): Command {
  return command
    .addOption(new Option('--config <file>', 'configuration of the service whose store is on this machine (default: CLEARPROOF_CONFIG)').conflicts(['service', 'tokenFile']))
    .option('--service <url>', 'running service')
    .option('--token-file <file>', 'access token for --service, mode 600');
}

/** Makes commands that all do one thing: ask the service, and show what it says. */
export class ServiceCommands {
  constructor(
    private readonly run: Runner,
    private readonly connect: ConnectService,
  ) {}

  /** The action of a command. @param check refuses options, before anybody is asked */
  asking<Options extends TargetOptions>(
    work: (operations: ServiceOperations, output: Output, options: Options) => Promise<number | void>, check?: (options: Options) => void | Promise<void>,
  ): ReturnType<Runner> {
    return this.run(async (output, options: Options) => {
      await check?.(options);
      const connection = await this.connect(options);
      try {
        return await work(connection.operations, output, options);
      } finally {
        await connection.close();
      }
    });
  }
}

/** Help text with examples: against a store, and against a running service. */
export function examples(command: string, local = '--config service.json'): string {
  return `\nExamples:\n  clearproof service ${command} ${local}\n  clearproof service ${command} --service https://proofs.example --token-file operator.token`;
}
