import { Type } from 'typebox';
import { ok, route } from '../route.js';
import { HEALTH, LIVE } from '../schemas.js';

/** Health, metrics and the description of the API itself. */
export const STATUS_ROUTES = {
  live: route({
    summary: 'The process answers',
    method: 'GET',
    url: '/v1/health',
    access: 'public',
    answer: ok(LIVE),
    run: () => Promise.resolve({ status: 200, json: { live: true as const } }),
  }),
  health: route({
    summary: 'Whether to send work here: database, chain and keys',
    method: 'GET',
    url: '/v1/ready',
    access: 'public',
    answer: { ...ok(HEALTH), statuses: { 200: 'Ready.', 503: 'Not ready; the fields say why.' } },
    async run({ operations }) {
      const health = await operations.health();
      return { status: health.ready ? 200 : 503, json: health };
    },
  }),
  metrics: route({
    summary: 'Metrics in Prometheus\' text format',
    method: 'GET',
    url: '/metrics',
    access: ['operator', 'auditor'],
    answer: { statuses: { 200: 'Metrics.' }, mediaType: 'text/plain', schema: Type.String() },
    run: async ({ tools }) => ({ status: 200, text: await tools.metrics() }),
  }),
  openApi: route({
    summary: 'This description',
    method: 'GET',
    url: '/openapi.json',
    access: 'public',
    answer: ok(Type.Unknown(), 'An OpenAPI 3.1 document.'),
    run: ({ tools }) => Promise.resolve({ status: 200, json: tools.openApi(), headers: { 'cache-control': 'public, max-age=300' } }),
  }),
};
