import type { TObject, TSchema } from 'typebox';
import { followEpoch } from '../follow-epoch.js';
import type { Answer, Call } from './route.js';
import type { EPOCH, EVENT, NOTHING } from './schemas.js';

const EVENT_ID_TEXT = /^(0|[1-9][0-9]{0,17})$/;

/**
 * Server-sent events: each event of the epoch under its id and kind, `progress` without an id whenever it changed, a comment
 * when nothing was sent for a while, so that proxies keep the connection, and `end` at the end, so that a browser does not come again.
 */
export async function eventStream(call: Call<TObject<{ epoch: typeof EPOCH }>, typeof NOTHING, TSchema>): Promise<Answer<typeof EVENT>> {
  const epoch = Number(call.params.epoch);
  const asked = call.headers['last-event-id'];
  const after = typeof asked === 'string' && EVENT_ID_TEXT.test(asked) ? asked : '0';
  // An epoch that is not there is a 404, not a stream that ends.
  await call.operations.epoch(epoch);
  call.tools.openStream(call.signal);
  return { status: 200, stream: frames(call, epoch, after), headers: { 'x-accel-buffering': 'no', connection: 'close' } };
}

async function* frames(call: Pick<Call<TObject, TObject, TSchema>, 'operations' | 'tools' | 'signal'>, epoch: number, after: string): AsyncGenerator<string> {
  const { poll, heartbeat } = call.tools.streamTiming;
  let lastSent = performance.now();
  for await (const sighting of followEpoch(call.operations, epoch, { after, poll, signal: call.signal })) {
    if (sighting.kind === 'quiet' && performance.now() - lastSent < heartbeat) continue;
    lastSent = performance.now();
    switch (sighting.kind) {
      case 'event':
        yield frame(sighting.event.kind, sighting.event, sighting.event.id);
        break;
      case 'progress':
        yield frame('progress', sighting.progress);
        break;
      case 'quiet':
        yield ': still here\n\n';
    }
  }
  if (!call.signal.aborted) yield frame('end', {});
}

function frame(event: string, data: object, id?: string): string {
  // Kinds are the program's own words, JSON has no raw line breaks: neither can start a line of the protocol.
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event.replace(/[^a-z0-9-]/gi, '-')}\ndata: ${JSON.stringify(data)}\n\n`;
}
