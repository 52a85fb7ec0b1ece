import assert from 'node:assert/strict';
import { patched, readOperation } from '../../../src/cli/conformance/json-patch.js';
import { JsonNode } from '../../../src/venue/json-node.js';

const apply = (document: unknown, ...operations: unknown[]): unknown => patched(document, operations.map((operation) => readOperation(JsonNode.of(operation, { file: 'patch' }))));

describe('a JSON patch', () => {
  it('does what RFC 6902 says, to a copy', () => {
    const document = { a: [1, 2], 'b/c': { '~': 3 } };
    assert.deepEqual(apply(document, { op: 'add', path: '/a/1', value: 9 }), { a: [1, 9, 2], 'b/c': { '~': 3 } });
    assert.deepEqual(apply(document, { op: 'add', path: '/a/-', value: [] }), { a: [1, 2, []], 'b/c': { '~': 3 } });
    assert.deepEqual(apply(document, { op: 'replace', path: '/b~1c/~0', value: 4 }), { a: [1, 2], 'b/c': { '~': 4 } });
    assert.deepEqual(apply(document, { op: 'remove', path: '/a/0' }, { op: 'add', path: '/d', value: '1' }), { a: [2], 'b/c': { '~': 3 }, d: '1' });
    assert.deepEqual(apply(document, { op: 'move', from: '/a/1', path: '/a/0' }), { a: [2, 1], 'b/c': { '~': 3 } });
    assert.deepEqual(apply(document, { op: 'copy', from: '/a', path: '/e' }, { op: 'remove', path: '/e/0' }), { a: [1, 2], 'b/c': { '~': 3 }, e: [2] });
    assert.deepEqual(document, { a: [1, 2], 'b/c': { '~': 3 } });
  });

  it('is refused where the document has no such place', () => {
    for (const operation of [
      { op: 'remove', path: '/x' }, { op: 'replace', path: '/x', value: 1 }, { op: 'replace', path: '/a/2', value: 1 }, { op: 'add', path: '/a/3', value: 1 },
      { op: 'add', path: '/x/y', value: 1 }, { op: 'copy', from: '/x', path: '/y' }, { op: 'remove', path: '/a/-' }, { op: 'add', path: '/a/one', value: 1 },
    ]) assert.throws(() => apply({ a: [1, 2] }, operation), { code: 'JSON_PATCH' }, JSON.stringify(operation));
  });

  it('changes no prototype', () => {
    const changed = apply({}, { op: 'add', path: '/__proto__', value: { polluted: 'yes' } }) as { polluted?: string };
    assert.equal(changed.polluted, undefined);
    assert.deepEqual(Object.keys(changed), ['__proto__']);
  });
});
