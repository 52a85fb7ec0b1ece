import { Type } from 'typebox';
import { RequestShapeError } from '../request-errors.js';
import { json, ok, route } from '../route.js';
import { DAYS, LABEL, NEW_TOKEN, ROLE, TOKEN, USER_ID, UUID, WORKER } from '../schemas.js';

const closed = { additionalProperties: false };

/** Workers and access tokens. */
export const ADMINISTRATION_ROUTES = {
  workers: route({
    summary: 'Workers that registered',
    method: 'GET',
    url: '/v1/workers',
    access: ['operator'],
    answer: ok(Type.Array(WORKER)),
    run: async ({ operations }) => ({ status: 200, json: await operations.workers() }),
  }),
  createToken: route({
    summary: 'Make an access token; it is shown this once',
    method: 'POST',
    url: '/v1/tokens',
    access: ['operator'],
    body: json(Type.Object({ role: ROLE, label: LABEL, userId: Type.Optional(USER_ID), days: Type.Optional(DAYS) }, closed)),
    answer: { ...ok(NEW_TOKEN), statuses: { 201: 'Made.' } },
    errors: [422],
    async run({ operations, body: { role, label, userId, days } }) {
      if ((role === 'user') !== (userId !== undefined)) {
        throw new RequestShapeError('a token of role "user" needs a userId, and no other role has one');
      }
      const request = { role, label, ...(userId === undefined ? {} : { userId }), ...(days === undefined ? {} : { days: Number(days) }) };
      return { status: 201, json: await operations.createToken(request) };
    },
  }),
  tokens: route({
    summary: 'All access tokens, without the tokens themselves',
    method: 'GET',
    url: '/v1/tokens',
    access: ['operator'],
    answer: ok(Type.Array(TOKEN)),
    run: async ({ operations }) => ({ status: 200, json: await operations.tokens() }),
  }),
  revokeToken: route({
    summary: 'Revoke an access token; again: nothing more happens',
    method: 'DELETE',
    url: '/v1/tokens/:id',
    access: ['operator'],
    params: Type.Object({ id: UUID }, closed),
    answer: ok(TOKEN),
    errors: [404],
    run: async ({ operations, params }) => ({ status: 200, json: await operations.revokeToken(params.id) }),
  }),
};
