import { join } from 'node:path';
import type { Command } from 'commander';
import { buildPath } from '../project.js';
import { port } from '../options.js';
import type { Runner } from '../runner.js';
import { readPageFolder } from './page-folder.js';
import { servePages, stopAsked } from './page-server.js';

interface PageOptions {
  readonly port: number;
  readonly folder?: string;
}

const DEFAULT_PORT = 8088;

/** `clearproof page`: the verification page and the venue board on this machine. */
export function addPageCommand(program: Command, run: Runner): void {
  program.command('page')
    .description('serve the verification page and the venue board to this machine\'s browser; ends on SIGTERM or Ctrl-C')
    .option('--port <number>', 'where it listens; 0 for a free port', port, DEFAULT_PORT)
    .option('--folder <path>', 'the built pages (default: build/web)')
    .addHelpText('after', '\nExample:\n  clearproof page --port 8088')
    .action(run(async (output, options: PageOptions) => {
      const folder = await readPageFolder(options.folder ?? join(buildPath(), 'web'));
      const running = await servePages(folder, options.port);
      output.say(`Verification page SHA-256: ${folder.sha256}`);
      output.say(`open ${running.url} (board: ${running.url}board.html)`);
      output.result({ url: running.url, sha256: folder.sha256 });
      await stopAsked();
      await running.close();
    }));
}
