import type { TSchema } from 'typebox';
import { ROUTE_LIST } from './routes.js';
import type { Route } from './route.js';
import { ERROR_ANSWER } from './schemas.js';

type Json = Readonly<Record<string, unknown>>;

const ERROR_TEXT: Readonly<Record<number, string>> = {
  400: 'The request is malformed.',
  401: 'No token, or one that is unknown, expired or revoked.',
  403: 'The token\'s role may not do this.',
  404: 'No such thing, or none that the caller may know of.',
  408: 'The request came in too slowly.',
  409: 'It contradicts the state of things.',
  413: 'The body is too large.',
  415: 'The body\'s type, charset or encoding is not taken.',
  422: 'The content cannot be taken; the message says why.',
  429: 'Too many requests: come again after Retry-After.',
  500: 'Something went wrong in the service.',
  503: 'The service, or something it needs, is not available.',
};

/** The API as an OpenAPI 3.1 document. TypeBox's schemas are JSON Schema 2020-12, which is OpenAPI 3.1's. */
export function openApiDocument(version: string): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const [name, route] of ROUTE_LIST) {
    const path = route.url.replace(/:([A-Za-z]+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(name, route) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Clearproof prover service', version, license: { name: 'GPL-3.0-or-later', identifier: 'GPL-3.0-or-later' } },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: { Error: plain(ERROR_ANSWER) },
      securitySchemes: { token: { type: 'http', scheme: 'bearer', description: 'An access token, "cp_…".' } },
    },
  };
}

/** Statuses that a route can answer with, errors included. */
export function statusesOf(route: Route): readonly number[] {
  return [...Object.keys(route.answer.statuses).map(Number), ...errorStatuses(route)];
}

function errorStatuses(route: Route): readonly number[] {
  const access = route.access === 'public' ? [] : [401, 403];
  // A malformed Content-Type is refused also where no body belongs.
  const type = route.method === 'GET' ? [] : [415];
  const body = route.body.kind === 'none' ? type : [408, 413, 415];
  const all = [400, ...access, ...body, ...route.errors, ...(route.refuse === undefined ? [] : [422]), 429, 500, 503];
  return [...new Set(all)].filter((status) => route.answer.statuses[status] === undefined).sort((a, b) => a - b);
}

function operationOf(name: string, route: Route): Json {
  const parameters = [
    ...parametersOf('path', route.params),
    ...parametersOf('query', route.query),
    ...route.headers.filter((header) => header.name !== 'authorization')
      .map((header) => ({ name: header.name, in: 'header', required: false, description: header.description, schema: { type: 'string' } })),
  ];
  const roles = route.access === 'public' ? 'Public.' : `Roles: ${route.access.join(', ')}.`;
  return {
    operationId: name,
    summary: route.summary,
    description: [roles, ...route.headers.filter((header) => header.name === 'authorization').map((header) => `Authorization: ${header.description}`)].join(' '),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(route.body.kind === 'none' ? {} : { requestBody: { required: true, content: bodyContent(route) } }),
    responses: { ...successes(route), ...failures(route) },
    security: route.access === 'public' ? [] : [{ token: [] }],
  };
}

function parametersOf(place: 'path' | 'query', schema: Route['params']): readonly Json[] {
  const required = new Set<string>((plain(schema).required ?? []) as readonly string[]);
  return Object.entries(schema.properties).map(([name, value]) => {
    const { description, ...rest } = plain(value);
    return { name, in: place, required: required.has(name), ...(description === undefined ? {} : { description }), schema: rest };
  });
}

function bodyContent({ body }: Route): Json {
  switch (body.kind) {
    case 'json':
      return { 'application/json': { schema: plain(body.schema) } };
    case 'json-text':
      return { 'application/json': { schema: { type: 'object', description: body.description } } };
    case 'stream':
      return Object.fromEntries(body.mediaTypes.map((type) => [type, { schema: { type: 'string', description: body.description } }]));
    case 'none':
      return {};
  }
}

function successes({ answer }: Route): Json {
  const content = { [answer.mediaType]: { schema: plain(answer.schema) } };
  return Object.fromEntries(Object.entries(answer.statuses).map(([status, description]) => [status, status === '304' ? { description } : { description, content }]));
}

function failures(route: Route): Json {
  const content = { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } };
  return Object.fromEntries(errorStatuses(route).map((status) => [status, {
    description: ERROR_TEXT[status] ?? 'An error.',
    ...(status === 429 ? { headers: { 'retry-after': { description: 'Seconds.', schema: { type: 'integer', minimum: 1 } } } } : {}),
    content,
  }]));
}

/** A schema as plain JSON, without what the library keeps beside it. */
function plain(schema: TSchema): Json {
  return JSON.parse(JSON.stringify(schema)) as Json;
}
