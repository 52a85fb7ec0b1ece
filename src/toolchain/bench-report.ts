/** Where a benchmark ran. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryMegabytes: number;
  readonly node: string;
}

/** Proofs of one circuit by one back-end, everything loaded and warm. */
export interface ProofFigures {
  readonly measured: true;
  readonly backEnd: string;
  readonly processes: number;
  readonly proofs: number;
  /** Of all these proofs, witness and check included. */
  readonly seconds: number;
  /** seconds / proofs. */
  readonly secondsEach: number;
  /** Processor time of one, whatever else the machine did meanwhile; undefined where the system does not tell. */
  readonly coreSecondsEach: number | undefined;
  /** How long one proof takes in its process, without witness and check. */
  readonly proofSeconds: number;
  readonly constraintsPerSecond: number;
  readonly accountsPerSecond: number | undefined;
  /** Highest resident memory of one process, with the program it starts; undefined where the system does not tell. */
  readonly processMegabytes: number | undefined;
}

/** What was measured of one circuit, every slot and row in use. */
export interface CircuitFigures {
  readonly measured: true;
  /** When, ISO 8601. */
  readonly at: string;
  readonly circuit: string;
  readonly constraints: number;
  /** N of a batch. */
  readonly accounts: number | undefined;
  readonly treeCapacity: number | undefined;
  readonly witnessSeconds: number;
  readonly verifyMilliseconds: number;
  readonly planSecondsPerAccount: number | undefined;
  readonly proofs: readonly ProofFigures[];
}

/** One program on one key and witness: medians of several runs, from its start to its end. */
export interface ContenderFigures {
  readonly name: string;
  readonly runs: number;
  readonly seconds: number;
  readonly constraintsPerSecond: number;
  readonly coreSeconds: number | undefined;
  /** Highest resident memory of any run. */
  readonly megabytes: number | undefined;
  /** Seconds by phase, of the native prover alone. */
  readonly phases: Readonly<Record<string, number>>;
}

/** Programs that proved the same witness with the same key, in turns. */
export interface PairedFigures {
  readonly measured: true;
  readonly at: string;
  readonly circuit: string;
  readonly constraints: number;
  readonly wires: number;
  readonly contenders: readonly ContenderFigures[];
}

/** Hashes a second on one core. */
export interface PoseidonRate {
  /** Of the native prover: portable, adx or ifma; or circomlibjs. */
  readonly by: string;
  readonly inputs: number;
  readonly hashesPerSecond: number;
}

/** Accounts hashed into a tree, by one thread that hashes and one that packs. */
export interface TreeFigures {
  readonly accounts: number;
  readonly seconds: number;
  /** Of both; undefined where the system does not tell. */
  readonly coreSeconds: number | undefined;
  readonly root: string;
}

export interface PoseidonFigures {
  readonly rates: readonly PoseidonRate[];
  /** Undefined without the native prover. */
  readonly tree: TreeFigures | undefined;
}

/** A table closed in parts: all proofs of it. */
export interface PartsFigures {
  readonly measured: true;
  readonly at: string;
  readonly backEnd: string;
  readonly part: string;
  readonly end: string;
  readonly parts: number;
  readonly rows: number;
  readonly seconds: number;
  readonly coreSeconds: number | undefined;
}

/** Batches of one circuit in a published file of accounts. */
export interface RealBatches {
  readonly measured: true;
  readonly circuit: string;
  /** N. */
  readonly size: number;
  /** In the plan of the whole file. */
  readonly planned: number;
  /** How many of these were proven, and how long that took. */
  readonly proven: number;
  readonly accountsProven: number;
  readonly seconds: number;
  readonly secondsEach: number;
  readonly coreSecondsEach: number | undefined;
}

/** The published accounts: all of them planned and hashed, all or some of their batches proven. */
export interface RealFigures {
  readonly measured: true;
  readonly at: string;
  readonly accounts: number;
  readonly holdings: number;
  readonly rows: number;
  readonly treeCapacity: number;
  readonly closeCircuit: string;
  readonly readSeconds: number;
  /** Search for the cheapest batches, salts and owners. */
  readonly planSeconds: number;
  /** Accounts, tree and chain: both passes. */
  readonly hashSeconds: number;
  readonly backEnds: readonly RealBackEnd[];
}

/** What one back-end proved of the published accounts. */
export interface RealBackEnd {
  readonly backEnd: string;
  readonly batches: readonly RealBatches[];
  /** From the first proof to the last where it proved all batches; undefined where it proved some of them. */
  readonly wholeSeconds: number | undefined;
  readonly processMegabytes: number | undefined;
}

/** A time nobody measured: batches times the measured time of one, planning and the close added. */
export interface Projection {
  readonly measured: false;
  /** What it follows from. */
  readonly from: string;
  readonly epoch: string;
  readonly backEnd: string;
  readonly accounts: number;
  /** By circuit. */
  readonly batches: Readonly<Record<string, number>>;
  readonly planSeconds: number;
  readonly batchSeconds: number;
  /** Undefined: the close was not measured and is not in the time. */
  readonly closeSeconds: number | undefined;
  readonly seconds: number;
  /** Processor time of the batches' proofs; undefined where the system did not tell. */
  readonly coreSeconds: number | undefined;
  /** False: the tree of these circuits is too small; a deeper one costs a little more a batch. */
  readonly fitsTheTree: boolean;
}

/** What a run wrote, or has written so far. */
export interface BenchReport {
  readonly formatVersion: 2;
  readonly machine: Machine;
  /** Processes that wanted a core when the run began; far above 0: the machine did other work too. */
  readonly loadAtStart: number;
  readonly startedAt: string;
  /** Undefined: the run is not over, or was ended. */
  readonly finishedAt: string | undefined;
  /** What the run was to measure and has not yet. */
  readonly pending: readonly string[];
  readonly backEnds: readonly { readonly name: string; readonly describes: string }[];
  readonly circuits: readonly CircuitFigures[];
  readonly closesInParts: readonly PartsFigures[];
  readonly paired: readonly PairedFigures[];
  /** Undefined: not measured yet. */
  readonly poseidon: PoseidonFigures | undefined;
  /** Or why there is none. */
  readonly real: RealFigures | { readonly missing: string };
  readonly projections: readonly Projection[];
}

export function isMeasured(real: BenchReport['real']): real is RealFigures {
  return 'measured' in real;
}

/** An earlier report's figures stay until they are measured again, if they are of this machine and of circuits that are still the same. */
export function keepFigures(fresh: BenchReport, earlier: BenchReport | undefined, constraints: ReadonlyMap<string, number>): BenchReport {
  if (earlier === undefined || JSON.stringify(earlier.machine) !== JSON.stringify(fresh.machine)) return fresh;
  const circuits = earlier.circuits.filter((figures) => constraints.get(figures.circuit) === figures.constraints);
  const known = new Set(circuits.map(({ circuit }) => circuit));
  return {
    ...fresh, circuits,
    closesInParts: earlier.closesInParts.filter(({ part, end }) => known.has(part) && known.has(end)),
    paired: earlier.paired.filter((figures) => constraints.get(figures.circuit) === figures.constraints),
    poseidon: earlier.poseidon,
    real: isMeasured(earlier.real) && earlier.real.backEnds.every(({ batches }) => batches.every(({ circuit }) => known.has(circuit))) ? earlier.real : fresh.real,
  };
}

/** The report with one circuit's figures in place of earlier ones. */
export function withCircuit(report: BenchReport, figures: CircuitFigures, order: readonly string[]): BenchReport {
  const circuits = [...report.circuits.filter(({ circuit }) => circuit !== figures.circuit), figures];
  return { ...report, circuits: circuits.sort((a, b) => order.indexOf(a.circuit) - order.indexOf(b.circuit)) };
}
