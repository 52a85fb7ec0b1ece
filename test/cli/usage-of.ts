import assert from 'node:assert/strict';
import { Command } from 'commander';
import { runner, type Runner } from '../../src/cli/runner.js';
import { inProcess } from './commands-in-process.js';
import { errorOf } from './program.js';

/** Every command of a group, with what makes it fail before it does anything. */
export type Usage = readonly (readonly [command: string, args: readonly string[], code: string])[];

/** Holds a group's commands to having an example in their help that names them, and no command to having none here. */
export function assertExamples(add: (program: Command, run: Runner) => void, usage: Usage): void {
  let said = '';
  const program = new Command('clearproof').configureOutput({ writeOut: (text) => (said += text) });
  add(program, runner(() => true, () => Promise.resolve()));
  const named = program.commands.flatMap((group) => group.commands.map((command) => [`${group.name()} ${command.name()}`, command] as const));
  assert.deepEqual(named.map(([name]) => name).sort(), [...new Set(usage.map(([name]) => name))].sort());
  for (const [name, command] of named) {
    said = '';
    command.outputHelp();
    assert.match(said, new RegExp(`Examples?:\\n  clearproof ${name} `), name);
  }
}

/** Holds each to telling what is missing by its code. */
export async function assertFailures(add: (program: Command, run: Runner) => void, usage: Usage): Promise<void> {
  const run = inProcess(add);
  for (const [command, args, code] of usage) assert.equal(errorOf(await run(...command.split(' '), ...args, '--json')).code, code, command);
}
