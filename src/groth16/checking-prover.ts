import { readLittleEndian } from './binary-file.js';
import type { Groth16Proof } from './proof.js';
import { ProofNotVerifiedError, ProverClosedError, type ProvenStatement, type Prover, type WitnessInput } from './prover.js';
import type { CircuitKey } from './proving-key.js';
import { ELEMENT_BYTES } from './r1cs.js';
import { verifyProof } from './verify.js';

/** Turns a witness into a proof. What a prover is apart from keys, witness and check. */
export interface ProofBackend<Key extends CircuitKey = CircuitKey> {
  /** What it needs of a circuit's files, each the one the manifest names. */
  readonly load: (keysDirectory: string, circuit: string) => Promise<Key>;
  /** @param wires all wires, 32 bytes little-endian each; secret */
  prove(key: Key, wires: Uint8Array): Promise<Groth16Proof>;
  /** Lets go of what it keeps between proofs. */
  close?(): Promise<void>;
}

/** A prover over any back-end: keys stay loaded, the public signals are read off the witness, and every proof is verified before it counts. */
export class CheckingProver<Key extends CircuitKey> implements Prover {
  private readonly keys = new Map<string, Promise<Key>>();
  private readonly running = new Set<Promise<unknown>>();
  private closed = false;

  constructor(
    private readonly keysDirectory: string,
    private readonly backend: ProofBackend<Key>,
  ) {}

  async prove(circuit: string, input: WitnessInput): Promise<ProvenStatement> {
    if (this.closed) throw new ProverClosedError('this prover was closed: make another one');
    const run = this.proveChecked(circuit, input);
    this.running.add(run);
    try {
      return await run;
    } finally {
      this.running.delete(run);
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.allSettled(this.running);
    this.keys.clear();
    await this.backend.close?.();
  }

  private async proveChecked(circuit: string, input: WitnessInput): Promise<ProvenStatement> {
    const key = await this.key(circuit);
    const wires = await key.witness.calculate(input);
    const publicSignals = Array.from({ length: key.verificationKey.ic.length - 1 }, (_, index) =>
      readLittleEndian(wires.subarray((index + 1) * ELEMENT_BYTES, (index + 2) * ELEMENT_BYTES)),
    );
    const proof = await this.backend.prove(key, wires);
    if (await verifyProof(key.verificationKey, publicSignals, proof)) return { proof, publicSignals };
    throw new ProofNotVerifiedError(`the proof made for circuit ${circuit} does not verify: key, witness generator or prover are not of one build`, { circuit });
  }

  private key(circuit: string): Promise<Key> {
    const known = this.keys.get(circuit);
    if (known !== undefined) return known;
    const loading = this.backend.load(this.keysDirectory, circuit);
    this.keys.set(circuit, loading);
    // A key that failed to load may be there next time.
    loading.catch(() => this.keys.delete(circuit));
    return loading;
  }
}
