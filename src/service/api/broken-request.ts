import { STATUS_CODES, type Server } from 'node:http';
import type { Socket } from 'node:net';

const REPLIES: Readonly<Record<string, { readonly status: number; readonly code: string; readonly message: string }>> = {
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, code: 'REQUEST_TIMEOUT', message: 'the request came in too slowly' },
  HPE_HEADER_OVERFLOW: { status: 431, code: 'REQUEST', message: 'the headers are larger than this service takes' },
};
const BROKEN = { status: 400, code: 'REQUEST', message: 'this is no HTTP request' };

/** Requests of each connection that have not been answered yet. */
const waiting = new WeakMap<Socket, number>();

/** Keeps count of them, so that answerBrokenRequest never writes into the middle of another answer. */
export function countRequests(server: Server): void {
  server.on('request', ({ socket }, response) => {
    waiting.set(socket, (waiting.get(socket) ?? 0) + 1);
    response.once('close', () => waiting.set(socket, (waiting.get(socket) ?? 1) - 1));
  });
}

/** Answers what is not HTTP, or came too slowly to become it, and closes the connection. */
export function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  // Answers go out in the order of requests: behind pipelined ones there is no place for this one.
  if (error.code === 'ECONNRESET' || !socket.writable || (waiting.get(socket) ?? 0) > 0) {
    socket.destroy();
    return;
  }
  const { status, code, message } = REPLIES[error.code ?? ''] ?? BROKEN;
  const body = JSON.stringify({ error: { code, message, details: {} } });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, 'Content-Type: application/json; charset=utf-8', `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store', 'X-Content-Type-Options: nosniff', 'Connection: close',
  ];
  // A peer that reads nothing must not keep the connection.
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}
