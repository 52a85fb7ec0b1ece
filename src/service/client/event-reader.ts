import { setTimeout as delay } from 'node:timers/promises';
import { Value } from 'typebox/value';
import { messageOf } from '../../error/clearproof-error.js';
import { EVENT, PROGRESS } from '../api/schemas.js';
import type { EpochEvent, EpochProgress } from '../operations.js';
import { ServiceAnswerError, ServiceUnreachableError } from './client-errors.js';

/** What comes out of a service's event stream. */
export type RemoteSighting =
  | { readonly kind: 'event'; readonly event: EpochEvent }
  | { readonly kind: 'progress'; readonly progress: EpochProgress };

export interface FollowStreamOptions {
  readonly after: string;
  /** Milliseconds before a broken connection is made again. */
  readonly pause: number;
  readonly signal: AbortSignal | undefined;
}

/** Longest frame in characters: a bound on what a strange server makes us hold. */
const MAX_FRAME = 1_048_576;

/** The lines of a body as they come in. @param read turns a broken connection into the error it is */
export async function* linesOf(response: Response, read: <Found>(work: () => Promise<Found>) => Promise<Found>): AsyncGenerator<string> {
  if (response.body === null) return;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await read(() => reader.read());
      if (done) break;
      const lines = (rest + value).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > MAX_FRAME) throw new ServiceAnswerError('the service sends a line without end: check the address');
      yield* lines;
    }
    if (rest !== '') yield rest;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** Reads the stream to its `end`, going on from the last event wherever the connection broke. */
export async function* followStream(open: (after: string) => Promise<Response>, { after, pause, signal }: FollowStreamOptions): AsyncGenerator<RemoteSighting> {
  let last = after;
  while (signal?.aborted !== true) {
    try {
      for await (const { event, data } of framesOf(await open(last))) {
        if (event === 'end') return;
        const sighting = sightingOf(event, data);
        if (sighting.kind === 'event') last = sighting.event.id;
        yield sighting;
      }
    } catch (thrown) {
      if (isAborted(signal)) return;
      if (!(thrown instanceof ServiceUnreachableError)) throw thrown;
    }
    await delay(pause, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
  }
}

/** Behind a function, because the compiler believes that nothing changes a signal between two looks. */
function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

interface Frame {
  readonly event: string;
  readonly data: string;
}

async function* framesOf(response: Response): AsyncGenerator<Frame> {
  let event = 'message';
  let data: string[] = [];
  const broken = async <Found>(work: () => Promise<Found>): Promise<Found> => {
    try {
      return await work();
    } catch (cause) {
      throw new ServiceUnreachableError(`the event stream broke (${messageOf(cause)})`, {}, { cause });
    }
  };
  for await (const line of linesOf(response, broken)) {
    if (line === '') {
      if (data.length > 0) yield { event, data: data.join('\n') };
      [event, data] = ['message', []];
    } else if (line.startsWith('event: ')) {
      event = line.slice('event: '.length);
    } else if (line.startsWith('data: ')) {
      data.push(line.slice('data: '.length));
    }
  }
}

function sightingOf(name: string, data: string): RemoteSighting {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch (cause) {
    throw new ServiceAnswerError('the event stream holds no JSON: check the address', {}, { cause });
  }
  if (name === 'progress' && Value.Check(PROGRESS, value)) return { kind: 'progress', progress: value };
  if (name !== 'progress' && Value.Check(EVENT, value)) return { kind: 'event', event: value };
  throw new ServiceAnswerError('the event stream is not what this version expects: use the same version on both sides');
}
