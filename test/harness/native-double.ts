import { chmod, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [SNARKJS, CIRCOMLIBJS] = ['node_modules/snarkjs/main.js', 'node_modules/circomlibjs/main.js'].map((path) => pathToFileURL(resolve(path)).href);

/**
 * A program that speaks the native prover's frames (docs/decisions/0011) with snarkjs and circomlibjs behind them, so that what this side of the
 * pipe does can be tested where the program is not built, and against a program that misbehaves.
 *
 * @param body JavaScript that runs before the first frame. It may replace members of `handlers` (hello, prove, hash: functions of a request's
 * body that return the answer's) and use `write(status, body)`, `refuse(code, message)` and everything of node:fs
 * @returns the program's path
 */
export async function nativeDouble(folder: string, name: string, body = ''): Promise<string> {
  const path = join(folder, `${name}.cjs`);
  await writeFile(path, `#!${process.execPath}
const { appendFileSync, existsSync, readFileSync, readdirSync, writeFileSync, writeSync } = require('node:fs');
const { tmpdir } = require('node:os');
const P = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;
class Refusal extends Error { constructor(code, message) { super(message); this.refusal = code; } }
const refuse = (code, message) => { throw new Refusal(code, message); };
const bytes = (value) => { const out = Buffer.alloc(32); for (let place = 0; place < 32; place += 1, value >>= 8n) out[place] = Number(value & 255n); return out; };
const number = (buffer) => BigInt('0x' + Buffer.from(buffer).reverse().toString('hex'));
const witnessOf = (wires) => {
  const header = Buffer.concat([Buffer.from([32, 0, 0, 0]), bytes(P), Buffer.alloc(4)]);
  header.writeUInt32LE(wires.length / 32, 36);
  const section = (id, body) => { const head = Buffer.alloc(12); head.writeUInt32LE(id, 0); head.writeBigUInt64LE(BigInt(body.length), 4); return [head, body]; };
  return new Uint8Array(Buffer.concat([Buffer.from('wtns'), Buffer.from([2, 0, 0, 0, 2, 0, 0, 0]), ...section(1, header), ...section(2, wires)]));
};
let built;
const handlers = {
  hello: async () => JSON.stringify({ version: '0.0.0', arithmetic: 'double', threads: 1 }),
  prove: async (body) => {
    const length = body.readUInt16LE(0);
    const zkey = body.subarray(2, 2 + length).toString();
    const wires = body.subarray(6 + length);
    if (body.readUInt32LE(2 + length) * 32 !== wires.length) refuse('FRAME', 'wires of another number');
    const { groth16 } = await import('${SNARKJS}');
    return JSON.stringify(await groth16.prove(zkey, { type: 'mem', data: witnessOf(wires) }));
  },
  hash: async (body) => {
    const [inputs, count] = [body[0], body.readUInt32LE(1)];
    const elements = body.subarray(5);
    if (elements.length !== inputs * count * 32) refuse('FRAME', 'elements of another number');
    const poseidon = await (built ??= import('${CIRCOMLIBJS}').then(({ buildPoseidon }) => buildPoseidon()));
    const out = [];
    for (let list = 0; list < count; list += 1) {
      const values = Array.from({ length: inputs }, (_, place) => number(elements.subarray(32 * (list * inputs + place), 32 * (list * inputs + place + 1))));
      if (values.some((value) => value >= P)) refuse('ELEMENT', 'an element is not below the modulus');
      out.push(bytes(poseidon.F.toObject(poseidon(values))));
    }
    return Buffer.concat(out);
  },
};
const write = (status, body) => {
  const answer = Buffer.from(body);
  const head = Buffer.alloc(5);
  head.writeUInt32LE(answer.length + 1, 0);
  head[4] = status;
  process.stdout.write(Buffer.concat([head, answer]));
};
${body}
const names = ['hello', 'prove', 'hash'];
let held = Buffer.alloc(0);
let chain = Promise.resolve();
process.stdin.on('data', (chunk) => {
  held = Buffer.concat([held, chunk]);
  while (held.length >= 4 && held.length >= 4 + held.readUInt32LE(0)) {
    const frame = held.subarray(4, 4 + held.readUInt32LE(0));
    held = held.subarray(4 + frame.length);
    chain = chain.then(() => handlers[names[frame[0]]](frame.subarray(1))).then((body) => body === undefined || write(0, body), (error) => {
      if (!(error instanceof Refusal)) throw error;
      write(1, JSON.stringify({ code: error.refusal, message: error.message }));
    });
  }
});
process.stdin.on('end', () => chain.then(() => process.exit(0)));
`);
  await chmod(path, 0o700);
  return path;
}
