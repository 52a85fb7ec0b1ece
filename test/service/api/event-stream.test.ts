import assert from 'node:assert/strict';
import { event } from './scripted-service.js';
import { runApi, TOKENS, type RunningApi } from './running-api.js';

const PATH = '/v1/epochs/7/events/stream';

describe('events as a stream', () => {
  let api: RunningApi;
  beforeEach(async () => { api = await runApi(); });
  afterEach(() => api.stop());

  const ids = (text: string): string[] => [...text.matchAll(/^id: (.*)$/gm)].map((match) => match[1] as string);
  const names = (text: string): string[] => [...text.matchAll(/^event: (.*)$/gm)].map((match) => match[1] as string);

  it('an epoch that ended is told from its first event to its end', async () => {
    const { status, headers, text } = await api.call(PATH, { token: TOKENS.auditor });
    assert.deepEqual([status, headers.get('content-type'), headers.get('cache-control'), headers.get('x-accel-buffering')], [200, 'text/event-stream; charset=utf-8', 'no-store', 'no']);
    assert.deepEqual(ids(text), ['1', '2', '3']);
    assert.deepEqual(names(text), ['planned', 'proven', 'published', 'progress', 'end']);
    assert.match(text, /^event: progress\ndata: \{"epoch":7,"state":"final","proofsDone":4/m);
  });

  it('a reader that comes again goes on behind the last event it has', async () => {
    const after = async (id: string): Promise<string[]> => ids((await api.call(PATH, { token: TOKENS.auditor, headers: { 'last-event-id': id } })).text);
    assert.deepEqual(await after('2'), ['3']);
    assert.deepEqual(await after('3'), []);
    assert.deepEqual(await after('rubbish'), ['1', '2', '3']);
  });

  it('while nothing happens comments keep the connection, then the rest comes and the stream ends', async () => {
    api.service.progress7 = { ...api.service.progress7, state: 'proving', remainingSeconds: 12 };
    const response = await fetch(api.url + PATH, { headers: { authorization: `Bearer ${TOKENS.operator}` } });
    let text = '';
    let told = false;
    for await (const piece of response.body as unknown as AsyncIterable<Uint8Array>) {
      text += Buffer.from(piece).toString();
      if (told || !text.includes(': still here\n\n')) continue;
      told = true;
      api.service.events7 = [...api.service.events7, event('4', 'final')];
      api.service.progress7 = { ...api.service.progress7, state: 'final', remainingSeconds: 0 };
    }
    assert.deepEqual(names(text), ['planned', 'proven', 'published', 'progress', 'final', 'progress', 'end']);
    assert.match(text, /"remainingSeconds":12/);
  });

  it('an epoch that is not there is a 404, and a kind cannot break out of its line', async () => {
    assert.equal((await api.call('/v1/epochs/8/events/stream', { token: TOKENS.auditor })).code, 'NOT_FOUND');
    api.service.events7 = [event('1', 'bad\ndata: {"forged":true}')];
    const { text } = await api.call(PATH, { token: TOKENS.auditor });
    assert.doesNotMatch(text, /^data: \{"forged"/m);
  });

  it('closing the server ends open streams', async () => {
    api.service.progress7 = { ...api.service.progress7, state: 'proving' };
    const response = await fetch(api.url + PATH, { headers: { authorization: `Bearer ${TOKENS.operator}` } });
    const rest = response.text();
    await api.stop();
    assert.doesNotMatch(await rest, /event: end/);
    api = await runApi();
  });
});
