import type { BenchReport, CircuitFigures, ProofFigures, RealFigures } from '../../src/toolchain/bench-report.js';

/** Figures of a batch circuit of 64 accounts that one back-end, "pool" of two processes, proves in so many seconds. */
export function batchFigures(circuit: string, secondsEach: number): CircuitFigures {
  return Object.freeze({ ...closeFigures(circuit, secondsEach), accounts: 64, planSecondsPerAccount: 0.001, proofs: [{ ...proofs(secondsEach), accountsPerSecond: 64 / secondsEach }] });
}

/** The same of a circuit that takes no accounts. */
export function closeFigures(circuit: string, secondsEach: number): CircuitFigures {
  return Object.freeze({
    measured: true, at: '2026-11-25T00:00:00.000Z', circuit, constraints: 182_083, accounts: undefined, treeCapacity: 16 ** 5, witnessSeconds: 0.5, verifyMilliseconds: 30,
    planSecondsPerAccount: undefined, proofs: [proofs(secondsEach)],
  });
}

function proofs(secondsEach: number): ProofFigures {
  return {
    measured: true, backEnd: 'pool', processes: 2, proofs: 2, seconds: 2 * secondsEach, secondsEach, coreSecondsEach: 2 * secondsEach, proofSeconds: 2 * secondsEach - 0.5,
    constraintsPerSecond: 182_083 / secondsEach, accountsPerSecond: undefined, processMegabytes: 700,
  };
}

/** A file of 25,816 accounts in 402 batches of one circuit and 3 of another. */
export function realFigures(many: string, few: string, closeCircuit: string): RealFigures {
  const batch = { measured: true, proven: 2, accountsProven: 128, seconds: 20, secondsEach: 10, coreSecondsEach: 18 } as const;
  return Object.freeze({
    measured: true, at: '2026-11-25T00:00:00.000Z', accounts: 25_816, holdings: 43_018, rows: 16, treeCapacity: 16 ** 5, closeCircuit,
    readSeconds: 3, planSeconds: 8, hashSeconds: 18,
    backEnds: [{ backEnd: 'pool', wholeSeconds: undefined, processMegabytes: 800, batches: [{ ...batch, circuit: many, size: 64, planned: 402 }, { ...batch, circuit: few, size: 32, planned: 3, secondsEach: 6 }] }],
  });
}

export function benchReport(over: Partial<BenchReport>): BenchReport {
  return Object.freeze({
    formatVersion: 2, machine: { cpu: 'A CPU', cores: 2, memoryMegabytes: 24_000, node: 'v20.20.0' }, loadAtStart: 0.1,
    startedAt: '2026-11-25T00:00:00.000Z', finishedAt: '2026-11-25T01:00:00.000Z', pending: [],
    backEnds: [{ name: 'pool', describes: 'two processes' }], circuits: [], closesInParts: [], paired: [], poseidon: undefined, real: { missing: 'no data folder' }, projections: [], ...over,
  });
}
