import { createReadStream } from 'node:fs';
import { access } from 'node:fs/promises';
import { basename } from 'node:path';
import { Option, type Command } from 'commander';
import { messageOf } from '../../error/clearproof-error.js';
import { FileReadError } from '../files.js';
import { showList, snapshotLine } from './show.js';
import { examples, withTarget, type ServiceCommands, type TargetOptions } from './target.js';

interface UploadOptions extends TargetOptions {
  readonly input: string;
  readonly market: string;
  readonly format?: 'csv' | 'ndjson';
}

const MAX_FINDINGS = 20;

export function addSnapshotCommands(service: Command, commands: ServiceCommands): void {
  const snapshots = service.command('snapshots').description('accounts of one moment');
  withTarget(snapshots.command('upload').description('upload accounts, check them against a market table and store them; ends with 1 when they cannot be proven'))
    .requiredOption('--input <file>', 'accounts, CSV or NDJSON')
    .requiredOption('--market <commitment>', 'commitment of the market table, as "tables list" shows it')
    .addOption(new Option('--format <format>', 'default: by the file\'s name').choices(['csv', 'ndjson']))
    .addHelpText('after', examples('snapshots upload --input accounts.csv --market 1234'))
    .action(commands.asking(async (operations, output, options: UploadOptions) => {
      const { input, market, format = input.endsWith('.ndjson') ? 'ndjson' : 'csv' } = options;
      await requireReadable(input);
      const snapshot = await operations.uploadSnapshot({ bytes: createReadStream(input), format, market, name: basename(input) });
      output.say(snapshotLine(snapshot));
      snapshot.findings.slice(0, MAX_FINDINGS).forEach((finding) => output.say(`cannot be proven: ${finding}`));
      if (snapshot.findings.length > MAX_FINDINGS) output.say(`and ${snapshot.findings.length - MAX_FINDINGS} findings more; --json shows all`);
      output.result(snapshot);
      return snapshot.findings.length === 0 ? 0 : 1;
    }));
  withTarget(snapshots.command('list').description('snapshots, newest first'))
    .addHelpText('after', examples('snapshots list'))
    .action(commands.asking(async (operations, output) => showList(
      output, await operations.snapshots(), ['snapshot', 'market', 'accounts', 'findings', 'sha256'],
      ({ id, market, accounts, findings, sha256 }) => [id, market, String(accounts), String(findings.length), sha256], 'no snapshot: upload one with "clearproof service snapshots upload"',
    )));
}

/** Before a connection's other end waits for bytes that will not come. @throws FileReadError */
async function requireReadable(file: string): Promise<void> {
  try {
    await access(file);
  } catch (cause) {
    throw new FileReadError(`${file} cannot be read (${messageOf(cause)}): check the path`, { file }, { cause });
  }
}
