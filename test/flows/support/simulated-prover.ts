import assert from 'node:assert/strict';
import { findCircuit, type CircuitDefinition } from '../../../src/groth16/circuit-list.js';
import type { ProvenStatement, Prover, WitnessInput } from '../../../src/groth16/prover.js';
import type { Prove } from '../../chain/mock-prover.js';
import { proofSimulator } from './simulated-proof.js';

/** Simulates proofs of whatever it is given, true or not: always the same for the same signals, and in no time. */
export function simulatedProver(catalogue: readonly CircuitDefinition[]): Prover {
  const simulators = new Map<string, Promise<Prove>>();
  return {
    async prove(circuit: string, input: WitnessInput): Promise<ProvenStatement> {
      const publicSignals = findCircuit(catalogue, circuit).publicSignals.map((name) => {
        const signal = input[name];
        assert.ok(typeof signal === 'bigint', name);
        return signal;
      });
      const simulator = simulators.get(circuit) ?? proofSimulator(circuit);
      simulators.set(circuit, simulator);
      return { proof: (await simulator)(publicSignals), publicSignals };
    },
    close: () => Promise.resolve(),
  };
}
