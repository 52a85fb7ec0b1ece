import type { Machine } from './bench-report.js';

/** What one stage took, its child processes included. */
export interface StageFigures {
  readonly measured: true;
  readonly at: string;
  readonly seconds: number;
  /** Processor time, whatever else the machine did meanwhile; undefined where the system does not tell. */
  readonly coreSeconds: number | undefined;
  /** Highest resident memory of the stage's processes together; undefined where the system does not tell. */
  readonly peakMegabytes: number | undefined;
  /** Further figures by name; units are in the names. */
  readonly details: Readonly<Record<string, number>>;
}

/** Proofs of a small epoch by a pool of so many processes. */
export interface PoolFigures {
  readonly measured: true;
  readonly processes: number;
  readonly circuit: string;
  readonly proofs: number;
  readonly secondsEach: number;
  readonly accountsPerSecond: number;
}

/** What an epoch of so many accounts takes, computed from the figures of the stages. */
export interface Sizing {
  readonly measured: false;
  readonly accounts: number;
  readonly batches: number;
  readonly coreSecondsBeforeProofs: number;
  readonly coreSecondsOfProofs: number;
  readonly planningMegabytes: number;
  readonly databaseMegabytes: number;
  readonly treeMegabytes: number;
}

export interface ServiceReport {
  readonly formatVersion: 1;
  readonly machine: Machine;
  readonly accounts: number;
  readonly database: 'embedded' | 'server';
  /** Circuits of the epoch that is planned and hashed. */
  readonly circuits: readonly string[];
  /** 1-minute load of the machine when the last stage began: above the number of cores, seconds say little and core seconds count. */
  readonly loadAverage: number;
  readonly stages: Readonly<Record<string, StageFigures>>;
  /** The same stages with `SMALL_ACCOUNTS`: what they take whatever their number. */
  readonly small: Readonly<Record<string, StageFigures>>;
  readonly pools: readonly PoolFigures[];
  readonly sizing: readonly Sizing[];
}

/** Venues that docs/operations.md sizes. */
export const SIZED_ACCOUNTS = [1_000_000, 30_000_000] as const;
/** Stages that run once an epoch, before its proofs. */
const BEFORE_PROOFS = ['import', 'plan', 'derive', 'prepare'] as const;
const NODE_BYTES = 32;

/** Accounts of the small run. */
export const SMALL_ACCOUNTS = 2_000;

/** What the formula takes from the figures. */
export interface SizingBasis {
  readonly accounts: number;
  readonly stages: ServiceReport['stages'];
  readonly small: ServiceReport['small'];
  /** N of the epoch's batch circuit. */
  readonly batchSize: number;
  /** Core seconds that the proof of one account takes in that circuit; 0 when no proof was made. */
  readonly proofCoreSeconds: number;
}

/**
 * Every figure is a constant, what a process takes with next to no accounts, and a slope: on the line through the figures of
 * the small run and of the large one.
 */
export function sizingOf(accounts: number, { accounts: measured, stages, small, batchSize, proofCoreSeconds }: SizingBasis): Sizing {
  const onLine = (name: string, figure: (stage: StageFigures) => number): number => {
    const [low, high] = [small[name], stages[name]];
    if (low === undefined || high === undefined || measured <= SMALL_ACCOUNTS) return 0;
    return figure(low) + ((figure(high) - figure(low)) * (accounts - SMALL_ACCOUNTS)) / (measured - SMALL_ACCOUNTS);
  };
  const coreSeconds = (stage: StageFigures): number => stage.coreSeconds ?? stage.seconds;
  const megabytes = ({ peakMegabytes = 0 }: StageFigures): number => peakMegabytes;
  return {
    measured: false, accounts,
    batches: Math.ceil(accounts / batchSize),
    coreSecondsBeforeProofs: Math.round(BEFORE_PROOFS.reduce((sum, name) => sum + onLine(name, coreSeconds), 0)),
    coreSecondsOfProofs: Math.round(accounts * proofCoreSeconds),
    planningMegabytes: Math.round(Math.max(onLine('plan', megabytes), onLine('derive', megabytes))),
    databaseMegabytes: Math.round(onLine('prepare', ({ details }) => details['databaseMegabytes'] ?? 0)),
    treeMegabytes: Math.round((accounts * NODE_BYTES * 16) / 15 / 1e6),
  };
}

/** For people. */
export function reportText({ accounts, database, machine, loadAverage, stages, pools, sizing }: ServiceReport): string {
  const rounded = (value: number | undefined, digits = 1): string => (value === undefined ? '?' : value.toFixed(digits));
  return [
    `${accounts} accounts, ${database} database, ${machine.cores} cores, load ${rounded(loadAverage)} at the last stage`,
    ...Object.entries(stages).map(([name, { seconds, coreSeconds, peakMegabytes, details }]) =>
      `${name.padEnd(9)} ${rounded(seconds).padStart(8)} s ${rounded(coreSeconds).padStart(8)} core s ${rounded(peakMegabytes, 0).padStart(6)} MB  ${Object.entries(details).map(([key, value]) => `${key} ${Number(value.toPrecision(4))}`).join(', ')}`),
    ...pools.map(({ processes, circuit, proofs, secondsEach, accountsPerSecond }) =>
      `${processes} prover processes: ${proofs} proofs of ${circuit}, ${rounded(secondsEach, 2)} s each, ${rounded(accountsPerSecond)} accounts/s`),
    ...sizing.map((size) => `${size.accounts} accounts (computed): ${size.batches} batches, ${size.coreSecondsBeforeProofs} core s before proofs, `
      + `${size.coreSecondsOfProofs} core s of proofs, ${size.planningMegabytes} MB while planning, ${size.databaseMegabytes} MB database, ${size.treeMegabytes} MB tree file`),
  ].join('\n');
}
