import type { FastifyServerOptions } from 'fastify';
import { traceOf } from './error-answer.js';

/** Where log lines go, one JSON object each. */
export interface LogSink {
  write(line: string): void;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/**
 * The logger's settings. What is logged is chosen line by line: method, route (never the URL), status, role. The redaction
 * is a second net, for a line that somebody adds in haste.
 */
export function logOptions(level: LogLevel, sink: LogSink | undefined): NonNullable<FastifyServerOptions['logger']> {
  return {
    level,
    ...(sink === undefined ? {} : { stream: sink }),
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { req: () => ({}), res: () => ({}), err: (error: Error) => ({ type: error.name, message: '', stack: '', ...traceOf(error) }) },
    redact: {
      paths: ['authorization', 'token', 'userId', 'user', 'body', 'headers', 'query', '*.authorization', '*.token', '*.userId', '*.user', '*.body', '*.headers', '*.query'],
      censor: '[redacted]',
    },
  };
}
