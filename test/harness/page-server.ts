import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

/** Made by `make web`. */
export const BUILT_PAGES = 'build/web';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8',
  '.json': 'application/json', '.svg': 'image/svg+xml', '.wasm': 'application/wasm',
};

export interface PageServerOptions {
  /** The built pages unless told. */
  readonly folder?: string;
  /** What the server sends instead of a file: a host that was broken into. */
  readonly alter?: (path: string, content: Buffer) => Buffer;
  /** Whether pages of other hosts may read the files. */
  readonly open?: boolean;
}

/** A request as it came, headers and all. */
export interface HeardFile {
  readonly url: string;
  readonly headers: string;
}

/** Any host of static files: it sends no header that the pages could rely on, and hears what they ask for. */
export class PageServer {
  private constructor(
    private readonly server: Server,
    readonly origin: string,
    /** Paths with queries, in the order in which they came. */
    readonly heard: readonly string[],
    readonly requests: readonly HeardFile[],
  ) {}

  static async start({ folder = BUILT_PAGES, alter = (_, content) => content, open = false }: PageServerOptions = {}): Promise<PageServer> {
    const heard: string[] = [];
    const requests: HeardFile[] = [];
    const shared = open ? { 'access-control-allow-origin': '*' } : {};
    const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      const url = request.url ?? '/';
      heard.push(url);
      requests.push({ url, headers: request.rawHeaders.join('\n') });
      const path = normalize(decodeURIComponent(url.split('?', 1)[0] ?? '/'));
      const file = path.endsWith('/') ? `${path}index.html` : path;
      const content = await readFile(join(folder, file)).catch(() => undefined);
      if (content === undefined) response.writeHead(404, shared).end();
      else response.writeHead(200, { ...shared, 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' }).end(alter(file, content));
    };
    const server = createServer((request, response) => void answer(request, response));
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return new PageServer(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`, heard, requests);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }
}
