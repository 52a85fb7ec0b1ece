import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { text as textOf } from 'node:stream/consumers';
import { Value } from 'typebox/value';
import { messageOf } from '../../error/clearproof-error.js';
import { ERROR_ANSWER } from '../api/schemas.js';
import { ServiceAnswerError, ServiceRefusedError, ServiceUnreachableError, ServiceUrlError } from './client-errors.js';

export interface ConnectionOptions {
  /** http or https, without path. */
  readonly url: string;
  /** An access token; without it only what is public can be asked for. */
  readonly token?: string;
  /** Permits http to other machines, where the token would travel in the clear: say inside a tunnel. */
  readonly allowCleartext?: boolean;
}

export interface Outgoing {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON text. */
  readonly body?: string;
  readonly signal?: AbortSignal;
}

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

/** Requests to one service, with the token. Redirects are not followed: they would carry the token elsewhere. */
export class HttpConnection {
  private readonly base: URL;
  private readonly authorization: Readonly<Record<string, string>>;

  /** @throws ServiceUrlError */
  constructor({ url, token, allowCleartext }: ConnectionOptions) {
    this.base = baseOf(url);
    if (token !== undefined && this.base.protocol === 'http:' && !LOOPBACK.includes(this.base.hostname) && allowCleartext !== true) {
      throw new ServiceUrlError(`${this.base.origin} would carry the access token in the clear: use https`, { url: this.base.origin });
    }
    this.authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  }

  /** The answer, once its status is known to be one of those. @throws ServiceRefusedError, ServiceUnreachableError, ServiceAnswerError */
  async send({ method, path, headers, body, signal }: Outgoing, statuses: readonly number[]): Promise<Response> {
    let response: Response;
    try {
      response = await fetch(new URL(path, this.base), {
        method,
        headers: { ...this.authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
        redirect: 'error',
        ...(body === undefined ? {} : { body }),
        ...(signal === undefined ? {} : { signal }),
      });
    } catch (cause) {
      throw this.unreachable(cause);
    }
    if (!statuses.includes(response.status)) throw refusalOf(response.status, await this.read(() => response.text()));
    return response;
  }

  /** Reads, with a broken connection as the error it is. */
  async read<Value>(work: () => Promise<Value>): Promise<Value> {
    try {
      return await work();
    } catch (cause) {
      throw this.unreachable(cause);
    }
  }

  /**
   * Sends a body of any size as it is read. Not by fetch, which gives up on an answer that takes more than five minutes,
   * and an upload may take hours.
   */
  async upload(path: string, mediaType: string, bytes: Readable, statuses: readonly number[]): Promise<string> {
    const url = new URL(path, this.base);
    const call = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const outgoing = call(url, { method: 'POST', headers: { ...this.authorization, 'content-type': mediaType } });
    const answered = new Promise<IncomingMessage>((resolve, reject) => outgoing.once('response', resolve).once('error', reject));
    // A refusal comes before all is sent: then the answer counts, not that sending broke off.
    const sent = pipeline(bytes, outgoing);
    const early = sent.then(() => answered, (cause: unknown) => Promise.race([answered, failSoon(cause)]));
    let response: IncomingMessage;
    let text: string;
    try {
      response = await Promise.race([answered, early]);
      text = await textOf(response);
    } catch (cause) {
      throw this.unreachable(cause);
    } finally {
      outgoing.destroy();
      bytes.destroy();
    }
    const status = response.statusCode ?? 0;
    if (!statuses.includes(status)) throw refusalOf(status, text);
    return text;
  }

  private unreachable(cause: unknown): ServiceUnreachableError {
    const inner = cause instanceof Error && cause.cause !== undefined ? cause.cause : cause;
    return new ServiceUnreachableError(`${this.base.origin} does not answer (${messageOf(inner)}): check address and network, then try again`, { url: this.base.origin }, { cause });
  }
}

function baseOf(url: string): URL {
  let base: URL;
  try {
    base = new URL(url);
  } catch (cause) {
    throw new ServiceUrlError('the service\'s address is no URL: write it as https://host:port', {}, { cause });
  }
  if (base.protocol !== 'https:' && base.protocol !== 'http:') throw new ServiceUrlError('the service\'s address is neither http nor https', {});
  if (base.username !== '' || base.password !== '') throw new ServiceUrlError('the service\'s address has a password in it: use an access token', {});
  return base;
}

/** How long an answer may follow a connection that broke while sending, in milliseconds. */
const ANSWER_AFTER_BREAK = 1_000;

function failSoon(cause: unknown): Promise<never> {
  return new Promise((_resolve, reject) => {
    setTimeout(() => reject(cause instanceof Error ? cause : new Error(messageOf(cause), { cause })), ANSWER_AFTER_BREAK).unref();
  });
}

function refusalOf(status: number, text: string): ServiceRefusedError | ServiceAnswerError {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch (cause) {
    return new ServiceAnswerError(`the answer, with status ${status}, is not this service's: check the address`, { status }, { cause });
  }
  if (!Value.Check(ERROR_ANSWER, answer)) return new ServiceAnswerError(`the answer, with status ${status}, is not this service's: check the address`, { status });
  const { code, message, details } = answer.error;
  return new ServiceRefusedError(code, message, details, status);
}
