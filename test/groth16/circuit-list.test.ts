import assert from 'node:assert/strict';
import { CIRCUIT_LIST, findCircuit, parseCircuitList, readCircuitList } from '../../src/groth16/circuit-list.js';

type Json = Record<string, unknown>;

const entry: Readonly<Json> = Object.freeze({
  name: 'small-one',
  template: 'SmallOne',
  source: 'folder/small-one.circom',
  parameters: { N: 16, K: 3 },
  public: ['domain', 'epoch'],
  use: 'test',
});

function parse(change: Json, drop?: string): unknown {
  const changed = Object.fromEntries(Object.entries({ ...entry, ...change }).filter(([name]) => name !== drop));
  return parseCircuitList(JSON.stringify({ circuits: [changed] }), 'list.json');
}

describe('list of circuits', () => {
  it('keeps parameters and public signals in their order', () => {
    const [circuit] = parseCircuitList(JSON.stringify({ circuits: [entry] }), 'list.json');
    assert.deepEqual(circuit?.parameters, [{ name: 'N', value: 16 }, { name: 'K', value: 3 }]);
    assert.deepEqual(circuit?.publicSignals, ['domain', 'epoch']);
  });

  it("the repository's own list is valid, and finds circuits by name", async () => {
    const circuits = await readCircuitList();
    assert.ok(circuits.length >= 4);
    for (const { name } of circuits) assert.equal(findCircuit(circuits, name).name, name);
    assert.throws(() => findCircuit(circuits, 'nonesuch'), { code: 'CIRCUIT_LIST', message: new RegExp(`"nonesuch" in ${CIRCUIT_LIST}: choose one of `) });
  });

  const cases: readonly (readonly [string, () => unknown, RegExp])[] = [
    ['text that is not JSON', () => parseCircuitList('{', 'list.json'), /^list\.json is not JSON: /],
    ['another top level', () => parseCircuitList('[]', 'list.json'), /^list\.json must be an object/],
    ['a surplus member', () => parseCircuitList('{"circuits":[],"extra":1}', 'list.json'), /^list\.json has "extra"/],
    ['a missing field', () => parse({}, 'use'), /circuits\[0\] lacks "use"/],
    ['a surplus field', () => parse({ colour: 1 }), /circuits\[0\] has "colour"/],
    ['a name that leaves its folder', () => parse({ name: '../x' }), /circuits\[0\]\.name must be lower-case words/],
    ['code in a template name', () => parse({ template: 'A(1);' }), /circuits\[0\]\.template must be a template name/],
    ['a source outside circuits/', () => parse({ source: '../other.circom' }), /circuits\[0\]\.source must be a path like/],
    ['a source in no folder', () => parse({ source: 'other.circom' }), /circuits\[0\]\.source must be a path like/],
    ['a parameter that is no number', () => parse({ parameters: { N: '16' } }), /circuits\[0\]\.parameters\.N must be a whole number/],
    ['a negative parameter', () => parse({ parameters: { N: -1 } }), /circuits\[0\]\.parameters\.N must be a whole number/],
    ['a broken parameter', () => parse({ parameters: { N: 1.5 } }), /circuits\[0\]\.parameters\.N must be a whole number/],
    ['no public signal', () => parse({ public: [] }), /circuits\[0\]\.public is empty/],
    ['a public signal twice', () => parse({ public: ['a', 'a'] }), /circuits\[0\]\.public names a signal twice/],
    ['a public signal that is no name', () => parse({ public: ['a', 'b]'] }), /circuits\[0\]\.public\[1\] must be a signal name/],
    ['an unknown use', () => parse({ use: 'fun' }), /circuits\[0\]\.use must be one of test, demo, production/],
    ['a name twice', () => parseCircuitList(JSON.stringify({ circuits: [entry, entry] }), 'list.json'), /circuits\[1\]\.name "small-one" is there twice/],
  ];
  for (const [title, attempt, reason] of cases) {
    it(`refuses ${title}`, () => {
      assert.throws(attempt, { code: 'CIRCUIT_LIST', message: reason });
    });
  }
});
