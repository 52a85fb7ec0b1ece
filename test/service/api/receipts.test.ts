import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { runApi, TOKENS, type RunningApi } from './running-api.js';
import { ATTESTATION, GOOD_RECEIPT_TOKEN, MARKET } from './scripted-service.js';

describe('receipts over HTTP', () => {
  let api: RunningApi;
  before(async () => { api = await runApi(); });
  after(() => api.stop());

  it('V18 a user reads the own receipts', async () => {
    const { status, text } = await api.call('/v1/epochs/7/receipts', { token: TOKENS.user });
    assert.deepEqual([status, text], [200, '{"receipt":"alice"}\n']);
  });

  it('V18 another user\'s receipts, an epoch without any and an epoch that is not there have one answer', async () => {
    const before = api.service.called.length;
    const asked = [
      await api.call('/v1/epochs/8/receipts', { token: TOKENS.user }),
      await api.call('/v1/epochs/99/receipts', { token: TOKENS.user }),
      await api.call('/v1/epochs/8/receipts', { token: TOKENS.user, headers: { 'clearproof-user': 'bob' } }),
      await api.call('/v1/epochs/7/receipts', { token: TOKENS.user, headers: { 'clearproof-user': 'bob' } }),
      await api.call('/v1/epochs/7/receipts', { token: TOKENS.user, headers: { 'clearproof-user': 'nobody' } }),
      await api.call('/v1/epochs/7/receipts', { token: TOKENS.bob, headers: { 'clearproof-user': 'alice' } }),
    ];
    assert.deepEqual(asked.map(({ status }) => status), asked.map(() => 404));
    assert.equal(new Set(asked.map(({ text }) => text)).size, 1);
    // The same work for each: one look for the caller's own.
    assert.deepEqual(api.service.called.slice(before), [8, 99, 8, 7, 7, 7].map((epoch) => `receiptsOfUser ${epoch}`));
  });

  it('V18 no parameter chooses another user', async () => {
    for (const query of ['user=bob', 'userId=bob']) {
      assert.equal((await api.call(`/v1/epochs/7/receipts?${query}`, { token: TOKENS.user })).code, 'REQUEST_SHAPE');
    }
  });

  it('a receipt token opens its receipt in the Authorization header and in the body', async () => {
    const byHeader = await api.call('/v1/receipt', { headers: { authorization: `Receipt ${GOOD_RECEIPT_TOKEN}` } });
    const byBody = await api.call('/v1/receipt', { json: { token: GOOD_RECEIPT_TOKEN } });
    assert.deepEqual([byHeader.status, byHeader.text, byHeader.headers.get('cache-control')], [200, '{"receipt":"alice"}', 'no-store']);
    assert.equal(byBody.text, byHeader.text);
  });

  it('V18 whatever opens nothing gets one answer after the same work, whatever its form', async () => {
    const before = api.service.called.length;
    const tokens = ['B'.repeat(43), 'A'.repeat(42), 'short', '!', 'x'.repeat(200)];
    const answers = [
      ...await Promise.all(tokens.map((one) => api.call('/v1/receipt', { headers: { authorization: `Receipt ${one}` } }))),
      ...await Promise.all([...tokens, ''].map((one) => api.call('/v1/receipt', { json: { token: one } }))),
      await api.call('/v1/receipt'),
      await api.call('/v1/receipt', { token: TOKENS.operator }),
    ];
    assert.equal(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size, 1);
    assert.equal(answers[0]?.status, 404);
    assert.deepEqual(api.service.called.slice(before), answers.map(() => 'receiptByToken'));
  });

  it('an attestation may be kept by caches, under its SHA-256', async () => {
    const etag = `"${createHash('sha256').update(ATTESTATION).digest('hex')}"`;
    const { status, text, headers } = await api.call('/v1/attestations/7');
    assert.deepEqual([status, text, headers.get('etag')], [200, ATTESTATION, etag]);
    assert.match(headers.get('cache-control') ?? '', /^public, max-age=\d+, immutable$/);
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = await api.call('/v1/attestations/7', { headers: { 'if-none-match': known } });
      assert.deepEqual([again.status, again.text, again.headers.get('etag')], [304, '', etag]);
    }
    assert.equal((await api.call('/v1/attestations/7', { headers: { 'if-none-match': '"other"' } })).status, 200);
    const missing = await api.call('/v1/attestations/8');
    assert.deepEqual([missing.status, missing.headers.get('cache-control')], [404, 'no-store']);
  });

  it('a proof that needs an owner\'s secret is refused with the way to make it, whatever else is sent', async () => {
    for (const kind of ['account-margin', 'account-exit', 'account-signer', 'margin']) {
      for (const more of [{}, { owner: '123', secret: '456' }]) {
        const { status, code, text } = await api.call('/v1/account-proofs', { token: TOKENS.operator, json: { kind, ...more } });
        assert.deepEqual([status, code], [422, 'OWNER_SECRET']);
        assert.match(text, /a service must never see it: make the proof where the secret is, with \\"clearproof account\\"/);
      }
    }
    assert.equal((await api.call('/v1/account-proofs', { token: TOKENS.operator, json: { kind: 'other', market: MARKET, row: '1' } })).code, 'REQUEST_SHAPE');
  });

  it('receipt tokens are exported line by line, and an epoch that is not there is a 404 before any', async () => {
    const { status, headers, text } = await api.call('/v1/epochs/7/receipt-tokens', { token: TOKENS.operator });
    assert.deepEqual([status, headers.get('content-type')], [200, 'application/x-ndjson; charset=utf-8']);
    assert.deepEqual(text.trimEnd().split('\n').map((line) => (JSON.parse(line) as { user: string }).user), ['alice', 'bob']);
    assert.equal((await api.call('/v1/epochs/9/receipt-tokens', { token: TOKENS.operator })).code, 'NOT_FOUND');
  });
});
