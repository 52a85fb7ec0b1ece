import assert from 'node:assert/strict';
import { groth16 } from 'snarkjs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { anvilWallet, startAnvil } from '../../src/chain/anvil.js';
import { connectChain } from '../../src/chain/connection.js';
import { deployContract } from '../../src/chain/deploy-contract.js';
import { verifierTarget } from '../../src/chain/forgery-attempt.js';
import { verifierContractName } from '../../src/chain/verifier-name.js';
import { FIELD_MODULUS } from '../../src/field/scalar-field.js';
import { littleEndian, readLittleEndian } from '../../src/groth16/binary-file.js';
import { CheckingProver } from '../../src/groth16/checking-prover.js';
import { readCircuitList } from '../../src/groth16/circuit-list.js';
import { releaseCurves, requireCurve } from '../../src/groth16/curves.js';
import { keyPaths } from '../../src/groth16/key-manifest.js';
import { proofFromSnarkjs, type SnarkjsProofJson } from '../../src/groth16/proof-json.js';
import { loadCircuitKey, type CircuitKey } from '../../src/groth16/proving-key.js';
import { ELEMENT_BYTES } from '../../src/groth16/r1cs.js';
import { REQUEST } from '../../src/native/frames.js';
import { NativeProgram } from '../../src/native/program.js';
import { ARITHMETICS } from '../../src/toolchain/bench-paired.js';
import { CONTRACT_ARTIFACTS } from '../../src/toolchain/contracts.js';
import { KEYS_DIRECTORY } from '../../src/toolchain/keys.js';
import type { CircuitInput } from '../../src/witness/circuit-input.js';
import { provenInputs } from '../builders/circuit-inputs.js';
import { NATIVE } from '../harness/native-program.js';
import { PRODUCT_INPUT, keyFolder, productCircuit, rangeCircuit } from './tiny-circuits.js';

const MOST_ANSWER = 65_536;
const TIMEOUT_MILLISECONDS = 120_000;
const BATCH = 'solvency-batch-n16-k3-s2';

interface Answer {
  readonly proof: SnarkjsProofJson;
  readonly publicSignals: readonly string[];
}

/** What the program makes of these wires, right or wrong. */
async function answerOf(program: NativeProgram, zkeyFile: string, wires: Uint8Array): Promise<Answer> {
  const path = Buffer.from(resolve(zkeyFile));
  const [length, count] = [Buffer.alloc(2), Buffer.alloc(4)];
  length.writeUInt16LE(path.length);
  count.writeUInt32LE(wires.length / ELEMENT_BYTES);
  const answer = await program.request({ kind: REQUEST.prove, body: [length, path, count, wires], mostBytes: MOST_ANSWER, timeoutMilliseconds: TIMEOUT_MILLISECONDS });
  return JSON.parse(Buffer.from(answer).toString()) as Answer;
}

/** snarkjs' own check, not this project's around it. */
async function snarkjsTakes(verificationKey: unknown, { proof, publicSignals }: Answer): Promise<boolean> {
  await requireCurve();
  return groth16.verify(verificationKey, publicSignals, proof);
}

/** By it every wire beside the public ones can be changed, where the constraints allow any value or not. */
function withWire(wires: Uint8Array, wire: number, change: bigint): Uint8Array {
  const forged = Uint8Array.from(wires);
  const at = wire * ELEMENT_BYTES;
  forged.set(littleEndian((readLittleEndian(wires.subarray(at, at + ELEMENT_BYTES)) + change) % FIELD_MODULUS, ELEMENT_BYTES), at);
  return forged;
}

if (NATIVE.state === 'answers') {
  const { path, hello } = NATIVE;
  describe("the native prover on the project's circuits", () => {
    const programs = new Map<string, NativeProgram>();
    let inputs: ReadonlyMap<string, CircuitInput>;

    before(async () => {
      const known = ARITHMETICS.slice(0, ARITHMETICS.findIndex((name) => name === hello.arithmetic) + 1);
      for (const arithmetic of known) programs.set(arithmetic, new NativeProgram(path, ['serve', '--arithmetic', arithmetic]));
      inputs = await provenInputs();
    });
    after(async () => {
      await Promise.all([...programs.values()].map((program) => program.close()));
      await releaseCurves();
    });

    const wiresOf = async (name: string): Promise<{ readonly key: CircuitKey; readonly wires: Uint8Array; readonly vkey: unknown }> => {
      const key = await loadCircuitKey(KEYS_DIRECTORY, name);
      return { key, wires: await key.witness.calculate(inputs.get(name) ?? {}), vkey: JSON.parse(await readFile(keyPaths.vkey(KEYS_DIRECTORY, name), 'utf8')) };
    };
    const signalsIn = (wires: Uint8Array, count: number): string[] =>
      Array.from({ length: count }, (_, place) => readLittleEndian(wires.subarray((place + 1) * ELEMENT_BYTES, (place + 2) * ELEMENT_BYTES)).toString());

    it('proves every circuit of tests and demo with every arithmetic, and snarkjs takes the proofs with the public signals of the witness', async () => {
      const circuits = (await readCircuitList()).filter(({ use }) => use !== 'production');
      assert.deepEqual(circuits.map(({ name }) => name).filter((name) => !inputs.has(name)), []);
      for (const { name, publicSignals } of circuits) {
        const { key, wires, vkey } = await wiresOf(name);
        for (const [arithmetic, program] of programs) {
          const answer = await answerOf(program, key.zkeyFile, wires);
          assert.deepEqual(answer.publicSignals, signalsIn(wires, publicSignals.length), `${name}, ${arithmetic}`);
          assert.ok(await snarkjsTakes(vkey, answer), `${name}, ${arithmetic}`);
        }
      }
    });

    it('blinds: no two proofs of one witness share a point, and neither verifies with the signals of another statement', async () => {
      const { key, wires, vkey } = await wiresOf(BATCH);
      const [program] = programs.values() as unknown as [NativeProgram];
      const [one, other] = [await answerOf(program, key.zkeyFile, wires), await answerOf(program, key.zkeyFile, wires)];
      for (const point of ['pi_a', 'pi_b', 'pi_c'] as const) assert.notDeepEqual(one.proof[point], other.proof[point]);
      const lied = one.publicSignals.map((signal, place) => (place === 1 ? `${BigInt(signal) + 1n}` : signal));
      assert.equal(await snarkjsTakes(vkey, { ...one, publicSignals: lied }), false);
    });

    it('a proof of a batch is taken by its verifier on a chain, and not with other signals', async () => {
      const { key, wires } = await wiresOf(BATCH);
      const node = await startAnvil();
      try {
        const chain = await connectChain(node.url);
        try {
          const { address } = await deployContract(anvilWallet(0, chain.provider), CONTRACT_ARTIFACTS, verifierContractName(BATCH), []);
          const target = await verifierTarget(chain.provider, address, { key: key.verificationKey }, BATCH);
          for (const program of programs.values()) {
            const { proof, publicSignals } = await answerOf(program, key.zkeyFile, wires);
            const signals = publicSignals.map(BigInt);
            assert.equal(await target.takes(signals, proofFromSnarkjs(proof)), true);
            assert.equal(await target.takes(signals.map((signal, place) => (place === 3 ? signal + 1n : signal)), proofFromSnarkjs(proof)), false);
          }
        } finally {
          chain.close();
        }
      } finally {
        await node.stop();
      }
    });

    it('a forged wire, private or public, makes a proof that does not verify, and the prover around it keeps nothing of it', async () => {
      const { key, wires, vkey } = await wiresOf(BATCH);
      const last = wires.length / ELEMENT_BYTES - 1;
      const forgeries: readonly (readonly [string, Uint8Array])[] = [
        ['the last wire', withWire(wires, last, 1n)], ['a wire in the middle', withWire(wires, last >> 1, FIELD_MODULUS - 1n)], ['a public signal', withWire(wires, 4, 1n)],
      ];
      for (const [arithmetic, program] of programs) {
        for (const [what, forged] of forgeries) assert.equal(await snarkjsTakes(vkey, await answerOf(program, key.zkeyFile, forged)), false, `${what}, ${arithmetic}`);
        const around = new CheckingProver(KEYS_DIRECTORY, {
          load: loadCircuitKey,
          prove: async ({ zkeyFile }, honest) => proofFromSnarkjs((await answerOf(program, zkeyFile, withWire(honest, last, 1n))).proof),
        });
        await assert.rejects(around.prove(BATCH, inputs.get(BATCH) ?? {}), { code: 'PROOF_NOT_VERIFIED' });
        await around.close();
      }
    });

    it('proves witnesses whose wires are 0 but for the one that is 1, and wires at the ends of the field', async () => {
      const circuits = [await productCircuit(), await rangeCircuit()] as const;
      const { keys, remove } = await keyFolder(...circuits);
      try {
        const [product, range] = circuits;
        const MOST = FIELD_MODULUS - 1n;
        const cases: readonly (readonly [string, CircuitInput])[] = [
          [product.name, { label: 0n, product: 0n, left: 0n, right: 0n }], [product.name, { label: MOST, product: 1n, left: MOST, right: MOST }],
          [product.name, { label: 1n << 253n, product: MOST, left: MOST, right: 1n }], [product.name, { label: 1n, product: 0n, left: 1n << 128n, right: 0n }],
          [product.name, PRODUCT_INPUT], [range.name, { value: 0n }], [range.name, { value: 255n }],
        ];
        for (const [name, input] of cases) {
          const key = await loadCircuitKey(keys, name);
          const wires = await key.witness.calculate(input);
          const vkey = JSON.parse(await readFile(keyPaths.vkey(keys, name), 'utf8')) as unknown;
          for (const [arithmetic, program] of programs) {
            const answer = await answerOf(program, key.zkeyFile, wires);
            assert.ok(await snarkjsTakes(vkey, answer), `${JSON.stringify(answer.publicSignals)}, ${arithmetic}`);
          }
        }
      } finally {
        await remove();
      }
    });
  });
}
