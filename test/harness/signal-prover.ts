import { setTimeout as sleep } from 'node:timers/promises';
import { findCircuit, type CircuitDefinition } from '../../src/groth16/circuit-list.js';
import { ProofCancelledError, type ProvenStatement, type Prover, type WitnessInput } from '../../src/groth16/prover.js';

/**
 * Proofs of nothing for the right public signals, which it reads off the input. For tests of who makes which proof when:
 * the proofs have the right form and verify nowhere.
 */
export class SignalProver implements Prover {
  private calls = 0;

  /**
   * @param milliseconds how long each proof takes
   * @param begun told when one begins
   */
  constructor(private readonly catalogue: readonly CircuitDefinition[], private readonly milliseconds = 0, private readonly begun: () => void = () => undefined) {}

  async prove(circuit: string, input: WitnessInput, signal?: AbortSignal): Promise<ProvenStatement> {
    const { publicSignals } = findCircuit(this.catalogue, circuit);
    this.begun();
    if (this.milliseconds > 0) {
      await sleep(this.milliseconds, undefined, signal === undefined ? {} : { signal }).catch((cause: unknown) => {
        throw new ProofCancelledError('the proof was given up', {}, { cause });
      });
    }
    this.calls += 1;
    return {
      proof: { a: [1n, 2n], b: [[BigInt(this.calls), 4n], [5n, 6n]], c: [1n, 2n] },
      publicSignals: publicSignals.map((name) => input[name] as bigint),
    };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
