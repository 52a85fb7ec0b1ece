import assert from 'node:assert/strict';
import fc from 'fast-check';
import { statusesOf } from '../../../src/service/api/openapi.js';
import { ROUTE_LIST } from '../../../src/service/api/routes.js';
import { runApi, TOKENS, type CallOptions, type RunningApi } from './running-api.js';
import { ID, MARKET } from './scripted-service.js';

const RUNS = 60;

/** Texts that are nearly right, or hostile. */
const text = fc.oneof(
  fc.constantFrom('7', '0', ID, MARKET, 'publish', 'row-mark', 'auditor', 'user', 'true', 'null', '../x', '\u0000', '٧', '', 'x'.repeat(5_000), '__proto__', 'constructor', '$ne', '\' or 1=1--'),
  fc.string(),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.bigInt().map(String),
);
const key = fc.oneof(fc.constantFrom('epoch', 'snapshot', 'role', 'label', 'userId', 'days', 'kind', 'market', 'row', 'token', '__proto__', 'constructor'), fc.string());
const value = fc.letrec((tie) => ({
  any: fc.oneof({ maxDepth: 4 }, text, fc.double(), fc.integer(), fc.boolean(), fc.constant(null), fc.array(tie('any'), { maxLength: 4 }), fc.dictionary(key, tie('any'), { maxKeys: 5 })),
})).any;
const body = fc.oneof(fc.dictionary(key, value, { maxKeys: 6 }).map((one) => JSON.stringify(one)), value.map((one) => JSON.stringify(one)), fc.string({ unit: 'binary' }));
const headers = fc.record({
  'content-type': fc.constantFrom('application/json', 'text/csv', 'application/x-ndjson', 'text/plain', 'application/json;charset=utf-8', ''),
  'last-event-id': fc.constantFrom('1', '-1', 'x', '9'.repeat(30)),
  'if-none-match': fc.constantFrom('*', '"x"', 'W/"y"', ','),
  'clearproof-user': fc.constantFrom('alice', 'bob', '%', ''),
}, { requiredKeys: [] });

describe('requests made at random', () => {
  let api: RunningApi;
  before(async () => { api = await runApi(); });
  after(() => api.stop());

  for (const [name, route] of ROUTE_LIST) {
    it(`V16 ${name} answers with what its description says, never with 5xx or a stack`, async () => {
      const parameters = [...route.url.matchAll(/:([A-Za-z]+)/g)].length;
      const input = fc.record({ values: fc.array(text, { minLength: parameters, maxLength: parameters }), query: fc.dictionary(key, text, { maxKeys: 2 }), body, headers });
      await fc.assert(fc.asyncProperty(input, async (drawn) => {
        const { path, options } = requestOf(route.url, drawn, route.method, route.body.kind === 'none' && drawn.body.length % 3 > 0);
        const who = route.access === 'public' ? {} : { token: TOKENS[route.access[0] as keyof typeof TOKENS] };
        const { status, text: answer } = await api.call(path, { ...options, ...who });
        assert.ok(status < 500, `${path} ${answer}`);
        // 404 also where the drawn path belongs to no route or to another.
        assert.ok([404, 414, ...statusesOf(route)].includes(status), `${status} is not described: ${path}`);
        assert.doesNotMatch(answer, /\n?\s+at [^"]*\.[jt]s:\d+/);
      }), { numRuns: RUNS });
    });
  }
});

interface Drawn {
  readonly values: readonly string[];
  readonly query: Readonly<Record<string, string>>;
  readonly body: string;
  readonly headers: object;
}

function requestOf(url: string, { values, query, body, headers }: Drawn, method: string, without: boolean): { readonly path: string; readonly options: CallOptions } {
  let next = 0;
  const path = url.replace(/:([A-Za-z]+)/g, () => encodeURIComponent(Buffer.from(values[next++] ?? '').toString()));
  const search = new URLSearchParams(query).toString();
  const sent = without || method === 'GET' ? {} : { body };
  return { path: search === '' ? path : `${path}?${search}`, options: { method, headers: headers as Record<string, string>, ...sent } };
}
