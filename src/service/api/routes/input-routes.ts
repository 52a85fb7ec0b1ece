import { Type } from 'typebox';
import { MediaTypeError } from '../request-errors.js';
import { ok, route, type IncomingBody } from '../route.js';
import { FIELD_ELEMENT, MARKET_TABLE, SNAPSHOT, UPLOAD_NAME } from '../schemas.js';

/** A table of 256 rows with 64 scenarios takes about half a megabyte. */
const MAX_TABLE_BYTES = 8 * 1024 * 1024;
const FORMATS: Readonly<Record<string, 'csv' | 'ndjson'>> = { 'text/csv': 'csv', 'application/x-ndjson': 'ndjson' };
const STAFF = ['operator', 'publisher', 'auditor'] as const;

/** What epochs are proven from: market tables and snapshots. */
export const INPUT_ROUTES = {
  addMarketTable: route({
    summary: 'Add a market table in its canonical JSON form; again: the same table',
    method: 'POST',
    url: '/v1/market-tables',
    access: ['operator'],
    body: { kind: 'json-text', maxBytes: MAX_TABLE_BYTES, description: 'A market table as in docs/formats.md.' },
    answer: ok(MARKET_TABLE),
    errors: [422],
    run: async ({ operations, text }) => ({ status: 200, json: await operations.addMarketTable(text) }),
  }),
  marketTables: route({
    summary: 'All market tables',
    method: 'GET',
    url: '/v1/market-tables',
    access: STAFF,
    answer: ok(Type.Array(MARKET_TABLE)),
    run: async ({ operations }) => ({ status: 200, json: await operations.marketTables() }),
  }),
  marketTable: route({
    summary: 'A market table by its commitment',
    method: 'GET',
    url: '/v1/market-tables/:commitment',
    access: STAFF,
    params: Type.Object({ commitment: FIELD_ELEMENT }, { additionalProperties: false }),
    answer: ok(Type.Unknown(), 'The table in its canonical form.'),
    errors: [404],
    run: async ({ operations, params }) => ({ status: 200, text: await operations.marketTable(params.commitment) }),
  }),
  uploadSnapshot: route({
    summary: 'Upload a snapshot; checked and stored while it comes in, nothing is kept when a row is wrong',
    method: 'POST',
    url: '/v1/snapshots',
    access: ['operator'],
    query: Type.Object({ market: FIELD_ELEMENT, name: Type.Optional(UPLOAD_NAME) }, { additionalProperties: false }),
    body: { kind: 'stream', mediaTypes: Object.keys(FORMATS), description: 'Accounts as in docs/formats.md; Content-Encoding may be gzip.' },
    answer: { ...ok(SNAPSHOT), statuses: { 200: 'These very accounts were there already.', 201: 'Stored. It can be proven when it has no findings.' } },
    errors: [404, 422],
    cost: 'heavy',
    async run({ operations, query, incoming }) {
      const { bytes, format } = uploadOf(incoming);
      const snapshot = await operations.uploadSnapshot({ bytes, format, market: query.market, name: query.name ?? 'upload' });
      return { status: snapshot.created ? 201 : 200, json: snapshot };
    },
  }),
  // Findings name accounts: operators only.
  snapshots: route({
    summary: 'All snapshots',
    method: 'GET',
    url: '/v1/snapshots',
    access: ['operator'],
    answer: ok(Type.Array(SNAPSHOT)),
    run: async ({ operations }) => ({ status: 200, json: await operations.snapshots() }),
  }),
};

function uploadOf(incoming: IncomingBody | undefined): { readonly bytes: IncomingBody['bytes']; readonly format: 'csv' | 'ndjson' } {
  const format = incoming === undefined ? undefined : FORMATS[incoming.mediaType];
  if (incoming === undefined || format === undefined) {
    throw new MediaTypeError(`a snapshot is sent as ${Object.keys(FORMATS).join(' or ')}: name the type in Content-Type`);
  }
  return { bytes: incoming.bytes, format };
}
