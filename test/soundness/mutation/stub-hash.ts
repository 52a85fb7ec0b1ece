import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { emptyNodes } from '../../../src/commitment/merkle-tree-16.js';
import type { Poseidon } from '../../../src/commitment/poseidon.js';
import { toField } from '../../../src/field/scalar-field.js';

/** Keeps inputs apart that are small or equal; any large odd number does. */
const STEP = 8_388_593n * 2n ** 90n + 1n;

/**
 * Stands for Poseidon where mutants are compiled: every input changes it and so does their order, at one constraint an
 * input instead of about forty. Nothing in it is hard to invert, and no mutant changes the hash itself.
 */
export const STUB_HASH: Poseidon = {
  hash: (inputs) => inputs.reduce((state, input, place) => {
    const sum = state + input + BigInt(place + 1) * STEP;
    return toField(sum * sum + 3n * state);
  }, BigInt(inputs.length)),
};

const STUB_CIRCUIT = `pragma circom 2.2.3;

template Poseidon(INPUTS) {
    signal input inputs[INPUTS];
    signal output out;
    signal state[INPUTS + 1];
    state[0] <== INPUTS;
    for (var i = 0; i < INPUTS; i++) {
        state[i + 1] <== (state[i] + inputs[i] + (i + 1) * ${STEP}) * (state[i] + inputs[i] + (i + 1) * ${STEP}) + 3 * state[i];
    }
    out <== state[INPUTS];
}
`;

/** Writes a library folder in which `circomlib/circuits/poseidon.circom` is the stub and the rest is circomlib. */
export function writeStubLibrary(folder: string): void {
  const circuits = join(folder, 'circomlib', 'circuits');
  mkdirSync(circuits, { recursive: true });
  for (const file of ['bitify', 'comparators', 'aliascheck', 'compconstant', 'binsum', 'gates']) {
    cpSync(join('node_modules/circomlib/circuits', `${file}.circom`), join(circuits, `${file}.circom`));
  }
  writeFileSync(join(circuits, 'poseidon.circom'), STUB_CIRCUIT);
}

/** tree/empty-node.circom with the nodes of the stub. */
export function stubEmptyNodes(): string {
  const lines = emptyNodes(STUB_HASH, 8).map((node, level) => (level === 0 ? '' : `    if (LEVEL == ${level}) { node = ${node}; }\n`));
  return `pragma circom 2.2.3;\n\nfunction emptyNode(LEVEL) {\n    assert(LEVEL <= 8);\n    var node = 0;\n${lines.join('')}    return node;\n}\n`;
}
