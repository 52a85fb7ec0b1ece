import assert from 'node:assert/strict';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { ROUTE_LIST } from '../../../src/service/api/routes.js';
import { statusesOf } from '../../../src/service/api/openapi.js';
import { runApi, type RunningApi } from './running-api.js';

interface Parameter { readonly name: string; readonly in: string; readonly required: boolean; readonly schema: object }
interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: object }>> };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Readonly<Record<string, { readonly schema: object }>> }>>;
  readonly security: readonly object[];
}
interface Document {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: { readonly Error: object }; readonly securitySchemes: object };
}

describe('the OpenAPI document', () => {
  let api: RunningApi;
  let document: Document;
  before(async () => {
    api = await runApi();
    document = JSON.parse((await api.call('/openapi.json')).text) as Document;
  });
  after(() => api.stop());

  const operations = (): readonly (readonly [path: string, method: string, operation: Operation])[] =>
    Object.entries(document.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => [path, method, operation] as const));

  it('says what it is, and holds every route once', () => {
    assert.equal(document.openapi, '3.1.0');
    assert.deepEqual(Object.keys(document).sort(), ['components', 'info', 'openapi', 'paths', 'servers']);
    assert.equal(document.info.version, '0.0.0-test');
    const stated = operations().map(([path, method, { operationId }]) => `${operationId} ${method.toUpperCase()} ${path}`);
    assert.deepEqual(stated.sort(), ROUTE_LIST.map(([name, { method, url }]) => `${name} ${method} ${url.replace(/:([A-Za-z]+)/g, '{$1}')}`).sort());
  });

  it('describes each status that a route can answer with, and its body', () => {
    const byName = new Map(ROUTE_LIST);
    for (const [, , { operationId, responses }] of operations()) {
      const route = byName.get(operationId);
      assert.ok(route !== undefined);
      assert.deepEqual(Object.keys(responses).map(Number).sort(), [...statusesOf(route)].sort(), operationId);
      for (const [status, { description, content }] of Object.entries(responses)) {
        assert.ok(description.length > 0, `${operationId} ${status}`);
        assert.equal(content === undefined, status === '304', `${operationId} ${status}`);
      }
    }
  });

  it('every parameter of a path stands in it and the other way round, and is required', () => {
    for (const [path, , { parameters = [], operationId }] of operations()) {
      const inPath = parameters.filter((one) => one.in === 'path');
      assert.deepEqual(inPath.map(({ name }) => name).sort(), [...path.matchAll(/\{([A-Za-z]+)\}/g)].map((match) => match[1]).sort(), operationId);
      assert.ok(inPath.every(({ required }) => required), operationId);
      assert.equal(new Set(parameters.map((one) => `${one.in} ${one.name}`)).size, parameters.length, operationId);
    }
  });

  it('every schema in it is one of JSON Schema 2020-12, closed where it is an object with fields', () => {
    const ajv = new Ajv2020({ strict: true, strictTypes: false, schemas: [{ ...document.components.schemas.Error, $id: 'error' }] });
    let count = 0;
    const check = (schema: object, where: string): void => {
      count += 1;
      if (JSON.stringify(schema).includes('"$ref"')) assert.deepEqual(schema, { $ref: '#/components/schemas/Error' }, where);
      else ajv.compile(schema);
    };
    for (const [, , { operationId, parameters = [], requestBody, responses }] of operations()) {
      for (const { name, schema } of parameters) check(schema, `${operationId} ${name}`);
      for (const [type, { schema }] of Object.entries(requestBody?.content ?? {})) check(schema, `${operationId} ${type}`);
      for (const [status, { content = {} }] of Object.entries(responses)) {
        for (const { schema } of Object.values(content)) check(schema, `${operationId} ${status}`);
      }
    }
    assert.ok(count > 200, `${count} schemas`);
    for (const [, , { operationId, requestBody }] of operations()) {
      const schema = requestBody?.content['application/json']?.schema as { properties?: object; additionalProperties?: boolean } | undefined;
      if (schema?.properties !== undefined) assert.equal(schema.additionalProperties, false, operationId);
    }
  });

  it('asks for a token exactly where a route does', () => {
    const byName = new Map(ROUTE_LIST);
    for (const [, , { operationId, security }] of operations()) {
      assert.equal(security.length === 0, byName.get(operationId)?.access === 'public', operationId);
    }
    assert.deepEqual(Object.keys(document.components.securitySchemes), ['token']);
  });
});
