import type { JsonValue } from '../attestation/canonical-json.js';

/** A plain value as our JSON formats write it: integers as strings, members that are undefined left out. */
export function toJsonValue(value: unknown): JsonValue {
  if (typeof value === 'bigint' || typeof value === 'number') return value.toString();
  if (typeof value === 'string') return value.replace(/\p{Cs}/gu, '\uFFFD');
  if (typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map(toJsonValue);
  const members = Object.entries(value as Readonly<Record<string, unknown>>).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([name, member]) => [name, toJsonValue(member)]));
}
