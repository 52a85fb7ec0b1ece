import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Type } from 'typebox';
import { NotFoundError, OwnerSecretError } from '../../service-errors.js';
import { json, ok, route, type Answer } from '../route.js';
import { ACCOUNT_PROOF, EPOCH, FIELD_ELEMENT, RECEIPT_TOKEN, ROW, UUID } from '../schemas.js';

const closed = { additionalProperties: false };
const OF_EPOCH = Type.Object({ epoch: EPOCH }, closed);
/** Names under which the proofs that need an owner's secret are asked for. */
const OWNERS_PROOFS = /^(account-)?(margin|exit|signer|claim)$/;
const RECEIPT_AUTHORIZATION = /^Receipt (.{1,256})$/;

/** Attestations, receipts and proofs about rows. */
export const RECEIPT_ROUTES = {
  attestation: route({
    summary: 'The attestation of a proven epoch, in its canonical form; its ETag is its SHA-256',
    method: 'GET',
    url: '/v1/attestations/:epoch',
    access: 'public',
    params: OF_EPOCH,
    headers: [{ name: 'if-none-match', description: 'ETag of the attestation at hand.' }],
    answer: { ...ok(Type.Unknown()), statuses: { 200: 'The attestation.', 304: 'It is the one at hand.' } },
    errors: [404],
    async run({ operations, params, headers }) {
      const text = await operations.attestation(Number(params.epoch));
      const etag = `"${createHash('sha256').update(text).digest('hex')}"`;
      // It never changes: what was proven once is the only attestation of its epoch.
      const cache = { etag, 'cache-control': 'public, max-age=86400, immutable' };
      return namesEtag(headers['if-none-match'], etag) ? { status: 304, text: '', headers: cache } : { status: 200, text, headers: cache };
    },
  }),
  receiptByToken: route({
    summary: 'The receipt that a token opens; the token never stands in the URL, where access logs would keep it',
    method: 'GET',
    url: '/v1/receipt',
    access: 'public',
    headers: [{ name: 'authorization', description: '"Receipt " and the token.' }],
    answer: ok(Type.Unknown(), 'The receipt in its canonical form.'),
    errors: [404],
    run: ({ operations, headers }) => receiptAnswer(operations.receiptByToken(RECEIPT_AUTHORIZATION.exec(headers.authorization ?? '')?.[1] ?? '')),
  }),
  receiptByPostedToken: route({
    summary: 'The same with the token in the body',
    method: 'POST',
    url: '/v1/receipt',
    access: 'public',
    body: json(Type.Object({ token: RECEIPT_TOKEN }, closed)),
    answer: ok(Type.Unknown(), 'The receipt in its canonical form.'),
    errors: [404],
    run: ({ operations, body }) => receiptAnswer(operations.receiptByToken(body.token)),
  }),
  receiptsOfUser: route({
    summary: 'The caller\'s own receipts of an epoch, one a line',
    method: 'GET',
    url: '/v1/epochs/:epoch/receipts',
    access: ['user'],
    params: OF_EPOCH,
    headers: [{ name: 'clearproof-user', description: 'The user id, percent-encoded, when it should be held against the token\'s.' }],
    answer: { statuses: { 200: 'Receipts in their canonical form.' }, mediaType: 'application/x-ndjson', schema: Type.Unknown() },
    errors: [404],
    async run({ operations, params, caller, headers }) {
      // Asked for somebody else, the same work is done and its result dropped: neither answer nor time tells whether that user exists.
      const own = caller?.userId ?? '';
      const receipts = await operations.receiptsOfUser(own, Number(params.epoch));
      if (receipts.length === 0 || !asksFor(own, headers)) throw noReceipt();
      return { status: 200, text: receipts.map((one) => `${one}\n`).join('') };
    },
  }),
  receiptTokens: route({
    summary: 'The receipt tokens of an epoch for the venue\'s mail-out, one a line',
    method: 'GET',
    url: '/v1/epochs/:epoch/receipt-tokens',
    access: ['operator'],
    params: OF_EPOCH,
    answer: {
      statuses: { 200: 'Users and tokens.' },
      mediaType: 'application/x-ndjson',
      schema: Type.Object({ user: Type.String(), subAccount: Type.String(), token: Type.String() }),
    },
    errors: [404, 409],
    cost: 'heavy',
    run: ({ operations, params }) => Promise.resolve({ status: 200, stream: asLines(operations.receiptTokens(Number(params.epoch))) }),
  }),
  requestAccountProof: route({
    summary: 'Ask for a proof that needs no owner\'s secret: the mark of a row. Again: the same proof',
    method: 'POST',
    url: '/v1/account-proofs',
    access: ['operator'],
    body: json(Type.Object({ kind: Type.Literal('row-mark'), market: FIELD_ELEMENT, row: ROW }, closed)),
    answer: { ...ok(ACCOUNT_PROOF), statuses: { 202: 'To be proven, or proven already.' } },
    errors: [404, 422],
    refuse: refuseOwnersProof,
    run: async ({ operations, body }) => ({
      status: 202,
      json: await operations.requestAccountProof({ kind: body.kind, market: body.market, row: Number(body.row) }),
    }),
  }),
  accountProof: route({
    summary: 'A proof that was asked for',
    method: 'GET',
    url: '/v1/account-proofs/:id',
    access: ['operator', 'auditor'],
    params: Type.Object({ id: UUID }, closed),
    answer: ok(ACCOUNT_PROOF),
    errors: [404],
    run: async ({ operations, params }) => ({ status: 200, json: await operations.accountProof(params.id) }),
  }),
};

async function receiptAnswer(found: Promise<string | undefined>): Promise<Answer<ReturnType<typeof Type.Unknown>>> {
  const receipt = await found;
  if (receipt === undefined) throw noReceipt();
  return { status: 200, text: receipt };
}

function noReceipt(): NotFoundError {
  return new NotFoundError('there is no such receipt: check token and epoch', { what: 'receipt' });
}

function asksFor(own: string, headers: IncomingHttpHeaders): boolean {
  const asked = headers['clearproof-user'];
  return asked === undefined || asked === encodeURIComponent(own);
}

function namesEtag(header: string | undefined, etag: string): boolean {
  return header !== undefined && header.split(',').some((one) => one.trim().replace(/^W\//, '') === etag || one.trim() === '*');
}

async function* asLines(lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) yield line.endsWith('\n') ? line : `${line}\n`;
}

function refuseOwnersProof(body: unknown): OwnerSecretError | undefined {
  const kind = typeof body === 'object' && body !== null && 'kind' in body ? body.kind : undefined;
  if (typeof kind !== 'string' || !OWNERS_PROOFS.test(kind)) return undefined;
  return new OwnerSecretError(
    'this proof needs the owner\'s secret, with which its holder could leave with the account\'s money, so a service must never see it: '
    + 'make the proof where the secret is, with "clearproof account"',
    { kind },
  );
}
