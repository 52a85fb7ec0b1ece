import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname } from 'node:path';
import { ClearproofError, messageOf } from '../../error/clearproof-error.js';
import type { PageFolder } from './page-folder.js';

/** The pages cannot be served at the port. */
export class PagePortError extends ClearproofError {
  readonly code = 'PAGE_PORT';
}

/** What the pages state of themselves, and that no other page may frame them, which a page cannot state. */
export const PAGE_POLICY = [
  'default-src \'none\'', 'script-src \'self\' \'wasm-unsafe-eval\'', 'style-src \'self\'', 'img-src data:', 'worker-src blob:',
  'connect-src \'self\' https: http://localhost:* http://127.0.0.1:*', 'base-uri \'none\'', 'form-action \'none\'',
].join('; ');

const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': `${PAGE_POLICY}; frame-ancestors 'none'`,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8',
};
/** Names below assets/ have a hash of the content in them. */
const FOR_EVER = 'public, max-age=31536000, immutable';

export interface RunningPages {
  /** "http://127.0.0.1:8088/" */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves the pages on this machine alone. Only what was read from the folder can be had: no path leads to a disk.
 *
 * @param port 0 for a free one
 * @throws PagePortError
 */
export async function servePages(folder: PageFolder, port: number): Promise<RunningPages> {
  const server = createServer((request, response) => answer(folder, request, response));
  await listen(server, port);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => new Promise((closed) => {
      server.close(() => closed());
      server.closeAllConnections();
    }),
  };
}

function answer({ files }: PageFolder, { method, url = '/' }: IncomingMessage, response: ServerResponse): void {
  const path = url.split('?', 1)[0] ?? '/';
  const name = path === '/' ? 'index.html' : path.slice(1);
  const content = files.get(name);
  if (method !== 'GET' && method !== 'HEAD') {
    response.writeHead(405, { ...HEADERS, allow: 'GET, HEAD', 'content-length': 0 }).end();
  } else if (content === undefined) {
    response.writeHead(404, { ...HEADERS, 'cache-control': 'no-store', 'content-length': 0 }).end();
  } else {
    response.writeHead(200, {
      ...HEADERS,
      'content-type': TYPES[extname(name)] ?? 'text/plain; charset=utf-8',
      'content-length': content.length,
      'cache-control': name.startsWith('assets/') ? FOR_EVER : 'no-cache',
    });
    response.end(method === 'HEAD' ? undefined : content);
  }
}

async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(new PagePortError(`the pages cannot be served at port ${port} (${messageOf(cause)}): choose another with --port`, { port }, { cause })));
    server.listen(port, '127.0.0.1', resolve);
  });
}

/** Resolves on SIGTERM or Ctrl-C. */
export async function stopAsked(): Promise<void> {
  await new Promise<void>((stop) => (['SIGTERM', 'SIGINT'] as const).forEach((signal) => process.once(signal, () => stop())));
}
