import { isMeasured, type BenchReport, type CircuitFigures, type Projection, type RealFigures } from './bench-report.js';

/** Accounts of the published file, of a large venue, and of the largest. */
export const PROJECTED_ACCOUNTS = [25_816, 100_000, 1_000_000] as const;

/** An epoch of which something was measured. */
export interface ProjectionBasis {
  readonly epoch: string;
  readonly from: string;
  readonly backEnd: string;
  /** So many accounts take so many batches of each circuit. */
  readonly accounts: number;
  readonly batches: readonly { readonly circuit: string; readonly size: number; readonly count: number; readonly secondsEach: number; readonly coreSecondsEach: number | undefined }[];
  readonly planSecondsPerAccount: number;
  readonly closeSeconds: number | undefined;
  readonly treeCapacity: number;
}

/** Whole batches of each circuit in the measured proportion. */
export function project(accounts: number, basis: ProjectionBasis): Projection {
  const scaled = basis.batches.map((batch) => ({ ...batch, count: Math.ceil((batch.count * accounts) / basis.accounts) }));
  const planSeconds = accounts * basis.planSecondsPerAccount;
  const batchSeconds = scaled.reduce((sum, { count, secondsEach }) => sum + count * secondsEach, 0);
  return {
    measured: false, from: basis.from, epoch: basis.epoch, backEnd: basis.backEnd, accounts,
    batches: Object.fromEntries(scaled.map(({ circuit, count }) => [circuit, count])),
    coreSeconds: scaled.reduce<number | undefined>((sum, { count, coreSecondsEach }) => (sum === undefined || coreSecondsEach === undefined ? undefined : sum + count * coreSecondsEach), 0),
    planSeconds, batchSeconds, closeSeconds: basis.closeSeconds, seconds: planSeconds + batchSeconds + (basis.closeSeconds ?? 0),
    fitsTheTree: scaled.reduce((sum, { count, size }) => sum + count * size, 0) <= basis.treeCapacity,
  };
}

/** Every projection that a report's figures carry. */
export function projectionsOf(report: Pick<BenchReport, 'circuits' | 'real'>, backEnds: readonly string[], closeOf: (batch: string) => string | undefined): Projection[] {
  const bases = backEnds.flatMap((backEnd) => [
    ...(isMeasured(report.real) ? realBasis(report.real, report.circuits, backEnd) : []),
    ...report.circuits.flatMap((figures) => shapeBasis(figures, report.circuits, backEnd, closeOf(figures.circuit))),
  ]);
  return bases.flatMap((basis) => PROJECTED_ACCOUNTS.map((accounts) => project(accounts, basis)));
}

function realBasis(real: RealFigures, circuits: readonly CircuitFigures[], backEnd: string): ProjectionBasis[] {
  const proven = real.backEnds.find((one) => one.backEnd === backEnd);
  if (proven === undefined) return [];
  const count = proven.batches.reduce((sum, batch) => sum + batch.proven, 0);
  return [{
    epoch: 'published accounts', backEnd, accounts: real.accounts, treeCapacity: real.treeCapacity,
    from: `${count} proven batches, the plan of all ${real.accounts} accounts, a close with every row in use`,
    batches: proven.batches.map(({ circuit, size, planned, secondsEach, coreSecondsEach }) => ({ circuit, size, count: planned, secondsEach, coreSecondsEach })),
    planSecondsPerAccount: (real.planSeconds + real.hashSeconds) / real.accounts,
    closeSeconds: oneAlone(circuits, real.closeCircuit, backEnd),
  }];
}

function shapeBasis(figures: CircuitFigures, circuits: readonly CircuitFigures[], backEnd: string, close: string | undefined): ProjectionBasis[] {
  const proofs = figures.proofs.find((one) => one.backEnd === backEnd);
  if (proofs === undefined || figures.accounts === undefined || figures.treeCapacity === undefined) return [];
  return [{
    epoch: figures.circuit, backEnd, accounts: figures.accounts, treeCapacity: figures.treeCapacity,
    from: `${proofs.proofs} proven batches with every slot in use`,
    batches: [{ circuit: figures.circuit, count: 1, size: figures.accounts, secondsEach: proofs.secondsEach, coreSecondsEach: proofs.coreSecondsEach }],
    planSecondsPerAccount: figures.planSecondsPerAccount ?? 0,
    closeSeconds: close === undefined ? undefined : oneAlone(circuits, close, backEnd),
  }];
}

/** Time of a single proof: only one process works on it. */
function oneAlone(circuits: readonly CircuitFigures[], circuit: string, backEnd: string): number | undefined {
  const proofs = circuits.find((one) => one.circuit === circuit)?.proofs.find((one) => one.backEnd === backEnd);
  return proofs === undefined ? undefined : proofs.secondsEach * proofs.processes;
}
