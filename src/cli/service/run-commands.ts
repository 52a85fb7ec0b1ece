import type { Command } from 'commander';
import { requireFit } from '../../service/config/check-config.js';
import type { LoadedConfig } from '../../service/config/read-config.js';
import { startService, type ServiceDuties } from '../../service/run/run-service.js';
import type { Output } from '../output.js';
import type { Runner } from '../runner.js';
import { configOf, withConfig } from './config-command.js';
import { thisProgram } from './this-program.js';

interface RunOptions {
  readonly config?: string;
}

/** What systemd and terminals send. */
const STOP_SIGNALS = ['SIGTERM', 'SIGINT'] as const;
/** As a shell tells of a process that an interrupt ended. */
const INTERRUPTED = 130;

/** `clearproof serve`, `worker` and `publisher`: processes that run until they are told to stop. */
export function addRunCommands(program: Command, run: Runner): void {
  add(program, run, 'serve', 'run the prover service: API, and the worker and publisher that its configuration asks for', { api: true }, (loaded) => loaded);
  add(program, run, 'worker', 'run a further worker of a service whose store is a database server', { api: false }, (loaded) => loaded);
  add(program, run, 'publisher', 'run only what publishes', { api: false }, ({ config, file }) => ({
    // It proves nothing: one process is what makes it take steps at all.
    config: { ...config, worker: { ...config.worker, kinds: ['publish'], processes: 1 } }, file,
  }));
}

function add(program: Command, run: Runner, name: string, description: string, duties: ServiceDuties, adapt: (loaded: LoadedConfig) => LoadedConfig): void {
  withConfig(program.command(name).description(`${description}; SIGTERM ends it with nothing lost`))
    .addHelpText('after', `\nExample:\n  clearproof ${name} --config service.json`)
    .action(run((output, options: RunOptions) => serve(output, options, duties, adapt)));
}

async function serve(output: Output, options: RunOptions, duties: ServiceDuties, adapt: (loaded: LoadedConfig) => LoadedConfig): Promise<void> {
  const checked = await requireFit(adapt(await configOf(options)));
  const program = await thisProgram(checked.config.log.level);
  const running = await startService(checked, program, duties, { write: (line) => void process.stderr.write(line) });
  let told = false;
  const stop = (): void => {
    // A second signal: somebody will not wait. What is under way is found again by its leases.
    if (told) process.exit(INTERRUPTED);
    told = true;
    void running.stop();
  };
  STOP_SIGNALS.forEach((signal) => process.on(signal, stop));
  try {
    const { address } = running;
    if (address !== undefined) output.say(`listening on http://${address.host.includes(':') ? `[${address.host}]` : address.host}:${address.port}`);
    await running.done;
    output.say('stopped');
    output.result({ stopped: true });
  } finally {
    STOP_SIGNALS.forEach((signal) => process.off(signal, stop));
  }
}
