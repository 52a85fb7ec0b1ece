import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { RequestShapeError } from './request-errors.js';

const PART_NAMES: Readonly<Record<string, string>> = { params: 'the path', querystring: 'the query', body: 'the body', headers: 'the headers' };
/** Of a field's name in a message. */
const MAX_NAME = 60;

/** Holds a part of a request against its schema as it stands: nothing is converted, filled in or left out. */
export const requestValidator: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const compiled = Compile(schema);
  const part = PART_NAMES[httpPart ?? ''] ?? 'the request';
  return (value) => {
    if (compiled.Check(value)) return { value };
    // An unknown field is reported twice, first as a schema that is false.
    const first = compiled.Errors(value).find(({ keyword }) => keyword !== 'boolean');
    const field = (first?.instancePath ?? '').replace(/^\//, '').replaceAll('/', '.').slice(0, MAX_NAME);
    // The message states the rule, which is public; the value stays out.
    const sentence = `${part}${field === '' ? '' : `, field "${field}",`} ${first?.message ?? 'is not as it must be'}`;
    return { error: new RequestShapeError(`${sentence}${unknownFields(first?.params)}: see /openapi.json`, field === '' ? {} : { field }) };
  };
};

function unknownFields(params: object | undefined): string {
  if (params === undefined || !('additionalProperties' in params) || !Array.isArray(params.additionalProperties)) return '';
  const names = params.additionalProperties.filter((name): name is string => typeof name === 'string').slice(0, 5);
  return ` (unknown: ${names.map((name) => JSON.stringify(name.slice(0, MAX_NAME))).join(', ')})`;
}
