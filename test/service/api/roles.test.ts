import assert from 'node:assert/strict';
import { ROUTE_LIST } from '../../../src/service/api/routes.js';
import type { Route } from '../../../src/service/api/route.js';
import { ID, MARKET } from './scripted-service.js';
import { ROLES, runApi, TOKENS, type CallOptions, type RunningApi } from './running-api.js';

/** Values that every parameter of the table takes. */
const PARAMETERS: Readonly<Record<string, string>> = { epoch: '7', id: ID, commitment: MARKET, step: 'publish' };
/** A body that each route takes. */
export const BODIES: Readonly<Record<string, object>> = {
  startEpoch: { epoch: '7', snapshot: ID },
  receiptByPostedToken: { token: 'A'.repeat(43) },
  requestAccountProof: { kind: 'row-mark', market: MARKET, row: '3' },
  createToken: { role: 'auditor', label: 'audit' },
  addMarketTable: { level: 'maintenance' },
};

/** A request that a route takes, but for the token. */
function requestFor(name: string, route: Route): { readonly path: string; readonly options: CallOptions } {
  const path = route.url.replace(/:([A-Za-z]+)/g, (_match, parameter: string) => PARAMETERS[parameter] as string);
  if (route.body.kind === 'stream') return { path: `${path}?market=${MARKET}`, options: { body: 'accounts', headers: { 'content-type': 'text/csv' } } };
  const json = BODIES[name];
  return { path, options: { method: route.method, ...(json === undefined ? {} : { json }) } };
}

describe('who may do what', () => {
  let api: RunningApi;
  before(async () => { api = await runApi(); });
  after(() => api.stop());

  for (const [name, route] of ROUTE_LIST) {
    const { path, options } = requestFor(name, route);
    const { access } = route;
    if (access === 'public') {
      it(`V17 ${name} answers without a token`, async () => {
        const { status } = await api.call(path, { ...options, headers: { ...options.headers, ...(name === 'receiptByToken' ? { authorization: `Receipt ${'A'.repeat(43)}` } : {}) } });
        assert.ok(status in route.answer.statuses, `status ${status}`);
      });
      continue;
    }
    it(`V17 ${name} refuses no token, an unknown, an expired and a revoked one with one answer`, async () => {
      const before = api.service.called.length;
      const answers = [];
      for (const token of [undefined, 'cp_unknown', TOKENS.expired, TOKENS.revoked, 'not even one', 'x'.repeat(300)]) {
        const answer = await api.call(path, { ...options, ...(token === undefined ? {} : { token }) });
        assert.equal(answer.status, 401);
        assert.equal(answer.code, 'UNAUTHENTICATED');
        assert.equal(answer.headers.get('www-authenticate'), 'Bearer');
        answers.push(answer.text);
      }
      assert.equal(new Set(answers).size, 1);
      assert.deepEqual(api.service.called.slice(before), [], 'no operation was reached');
    });
    for (const role of ROLES) {
      if (access.includes(role)) {
        it(`V17 ${name} answers a token of role ${role}`, async () => {
          const { status, text } = await api.call(path, { ...options, token: TOKENS[role] });
          assert.ok(status in route.answer.statuses, `status ${status}: ${text}`);
        });
      } else {
        it(`V17 ${name} refuses a token of role ${role}`, async () => {
          const before = api.service.called.length;
          const { status, code } = await api.call(path, { ...options, token: TOKENS[role] });
          assert.equal(status, 403);
          assert.equal(code, 'FORBIDDEN');
          assert.deepEqual(api.service.called.slice(before), [], 'no operation was reached');
        });
      }
    }
  }

  it('a publisher retries publication and nothing else', async () => {
    const retry = (step: string) => api.call(`/v1/epochs/7/steps/${step}/retry`, { method: 'POST', token: TOKENS.publisher });
    assert.equal((await retry('publish')).status, 200);
    const refused = await retry('prove:batch-000001');
    assert.equal(refused.status, 403);
    assert.match(refused.text, /a publisher may retry publish, submit-epoch, open-snapshot only/);
  });

  it('what stands for everybody to read is exactly this', () => {
    const open = ROUTE_LIST.filter(([, { access }]) => access === 'public').map(([name]) => name);
    assert.deepEqual(open.sort(), ['attestation', 'health', 'live', 'openApi', 'receiptByPostedToken', 'receiptByToken']);
    const ofUsers = ROUTE_LIST.filter(([, { access }]) => access !== 'public' && access.includes('user')).map(([name]) => name);
    assert.deepEqual(ofUsers, ['receiptsOfUser']);
  });
});
