import { PROJECTED_ACCOUNTS } from './bench-projection.js';
import { isMeasured, type BenchReport, type CircuitFigures, type ContenderFigures, type PairedFigures, type PartsFigures, type PoseidonFigures, type Projection, type ProofFigures, type RealFigures } from './bench-report.js';

/** The report as Markdown whose columns line up as plain text too. */
export function reportText(report: BenchReport): string {
  const { machine, loadAtStart, finishedAt, pending } = report;
  const shared = loadAtStart > 0.5 ? `; ${loadAtStart.toFixed(1)} other processes wanted a core when the run began: trust ratios and core-seconds` : '';
  return [
    `${machine.cpu}, ${machine.cores} cores, ${Math.round(machine.memoryMegabytes / 1024)} GB, Node ${machine.node}; begun ${report.startedAt.slice(0, 10)}${shared}.`,
    ...(finishedAt === undefined ? [`NOT complete, still to measure: ${pending.join(', ') || 'nothing of this run'}.`] : []),
    ...report.paired.flatMap(pairedSection),
    ...poseidonSection(report.poseidon),
    ...report.backEnds.flatMap(({ name, describes }) => circuitsSection(report.circuits, name, describes, report.backEnds[0]?.name)),
    ...(report.closesInParts.length === 0 ? [] : partsSection(report.closesInParts)),
    ...(isMeasured(report.real) ? realSection(report.real) : [`## Published accounts\n\nNot measured: ${report.real.missing}.`]),
    ...projectionSections(report),
  ].join('\n\n');
}

function pairedSection({ circuit, constraints, wires, contenders }: PairedFigures): string[] {
  const of = (name: string): ContenderFigures | undefined => contenders.find((one) => one.name === name);
  const ratio = (name: string, { seconds }: ContenderFigures): string => (of(name) === undefined ? '' : times((of(name) as ContenderFigures).seconds, seconds));
  const phases = of('native')?.phases ?? {};
  const told = Object.entries(phases).map(([phase, seconds]) => `${phase} ${fixed(seconds, 3)}`).join(', ');
  return [
    `## Programs in turns on one key and one witness of ${short(circuit)}, ${grouped(constraints)} constraints, ${grouped(wires)} wires (measured, medians)`,
    table(
      ['program', 'runs', 's', 'core-s', 'MB', 'constraints/s', 'of snarkjs', 'of external'],
      contenders.map((one) => [
        one.name, `${one.runs}`, fixed(one.seconds, 2), fixed(one.coreSeconds, 2), fixed(one.megabytes, 0), grouped(one.constraintsPerSecond),
        ratio('snarkjs', one), ratio('external', one),
      ]),
    ),
    ...(told === '' ? [] : [`The native prover's phases, s: ${told}.`]),
  ];
}

function poseidonSection(poseidon: PoseidonFigures | undefined): string[] {
  if (poseidon === undefined) return [];
  const { rates, tree } = poseidon;
  return [
    '## Poseidon on one core (measured)',
    table(['by', 'inputs', 'hashes/s'], rates.map(({ by, inputs, hashesPerSecond }) => [by, `${inputs}`, grouped(hashesPerSecond)])),
    ...(tree === undefined ? [] : [
      `Keys and leaves of ${grouped(tree.accounts)} accounts and the tree over them, one thread that hashes: ${fixed(tree.seconds, 1)} s, ${fixed(tree.coreSeconds, 1)} core-s with packing.`,
    ]),
  ];
}

function circuitsSection(circuits: readonly CircuitFigures[], backEnd: string, describes: string, first: string | undefined): string[] {
  const rows = circuits.flatMap((circuit) => circuit.proofs.filter((proofs) => proofs.backEnd === backEnd).map((proofs) => ({ circuit, proofs })));
  if (rows.length === 0) return [];
  const isFirst = backEnd === first;
  const firstOf = ({ proofs }: CircuitFigures): ProofFigures | undefined => proofs.find((one) => one.backEnd === first);
  return [
    `## ${describes} (measured, every slot and row in use)`,
    table(
      ['circuit', 'constraints', 'witness s', 'proof s', 'verify ms', 'constraints/s', 'accounts/s', 'core-s', 'MB', ...(isFirst ? [] : [`of ${first}`])],
      rows.map(({ circuit, proofs }) => [
        short(circuit.circuit), grouped(circuit.constraints), fixed(circuit.witnessSeconds, 2), fixed(proofs.proofSeconds, 2), fixed(circuit.verifyMilliseconds, 0),
        grouped(proofs.constraintsPerSecond), fixed(proofs.accountsPerSecond, 1), fixed(proofs.coreSecondsEach, 2), fixed(proofs.processMegabytes, 0),
        ...(isFirst ? [] : [times(proofs.constraintsPerSecond, firstOf(circuit)?.constraintsPerSecond)]),
      ]),
    ),
  ];
}

function partsSection(closes: readonly PartsFigures[]): string[] {
  return [
    '## A close in parts (measured)',
    table(
      ['part, end', 'proofs', 'instruments', 'back-end', 's', 'ms an instrument', 'core-s'],
      closes.map(({ part, end, parts, rows, backEnd, seconds, coreSeconds }) => [
        `${short(part)}, ${short(end)}`, `${parts} + 1`, grouped(rows), backEnd, fixed(seconds, 0), fixed((seconds * 1000) / rows, 0), fixed(coreSeconds, 0),
      ]),
    ),
  ];
}

function realSection(real: RealFigures): string[] {
  const planned = real.backEnds[0]?.batches.map((batch) => `${batch.planned} batches of ${short(batch.circuit)}`).join(' and ') ?? '';
  return [
    '## Published accounts (measured)',
    `${grouped(real.accounts)} accounts with ${grouped(real.holdings)} holdings of ${real.rows} tokens, all of them read in ${fixed(real.readSeconds, 0)} s, `
      + `planned in ${fixed(real.planSeconds, 0)} s as ${planned}, and hashed in ${fixed(real.hashSeconds, 0)} s. Of the batches these were proven:`,
    table(
      ['circuit', 'back-end', 'proven', 'planned', 's a batch', 'accounts/s', 'core-s a batch'],
      real.backEnds.flatMap(({ backEnd, batches }) => batches.map((batch) => [
        short(batch.circuit), backEnd, `${batch.proven}`, `${batch.planned}`, fixed(batch.secondsEach, 2), fixed(batch.accountsProven / batch.seconds, 1), fixed(batch.coreSecondsEach, 2),
      ])),
    ),
    ...real.backEnds.flatMap(({ backEnd, wholeSeconds }) => (wholeSeconds === undefined ? [] : [`${backEnd}: the batches of the whole file in ${duration(wholeSeconds)}, every proof verified.`])),
  ];
}

function projectionSections({ projections, backEnds }: BenchReport): string[] {
  return backEnds.flatMap(({ name, describes }) => {
    const epochs = [...new Set(projections.filter(({ backEnd }) => backEnd === name).map(({ epoch }) => epoch))];
    if (epochs.length === 0) return [];
    const of = (epoch: string): Projection[] => PROJECTED_ACCOUNTS.flatMap((accounts) => projections.find((one) => one.backEnd === name && one.epoch === epoch && one.accounts === accounts) ?? []);
    return [
      `## Whole epochs, ${describes} (PROJECTED, not measured)`,
      'Planning, batches and close: measured times of one, times their number; core-h are processor time of the batches. `*` without the close, `+` needs a deeper tree.',
      table(
        ['accounts like', ...PROJECTED_ACCOUNTS.flatMap((accounts) => [grouped(accounts), 'core-h']), 'core-s an account'],
        epochs.map((epoch) => [short(epoch), ...of(epoch).flatMap((one) => [projected(one), coreHours(one)]), fixed(coreSecondsAnAccount(of(epoch)), 2)]),
      ),
    ];
  });
}

function projected({ seconds, closeSeconds, fitsTheTree }: Projection): string {
  return `${duration(seconds)}${closeSeconds === undefined ? '*' : ''}${fitsTheTree ? '' : '+'}`;
}

function coreHours({ coreSeconds }: Projection): string {
  return coreSeconds === undefined ? '' : fixed(coreSeconds / 3600, 1);
}

function coreSecondsAnAccount([first]: readonly Projection[]): number | undefined {
  return first?.coreSeconds === undefined ? undefined : first.coreSeconds / first.accounts;
}

/** Seconds in a unit that a reader can picture. */
export function duration(seconds: number): string {
  if (seconds < 120) return `${fixed(seconds, 0)} s`;
  if (seconds < 7200) return `${fixed(seconds / 60, 0)} min`;
  return seconds < 172_800 ? `${fixed(seconds / 3600, 1)} h` : `${fixed(seconds / 86_400, 1)} days`;
}

/** First column to the left, figures to the right. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = heads.map((head, column) => Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string => `| ${widths.map((width, column) => (column === 0 ? (cells[column] ?? '').padEnd(width) : (cells[column] ?? '').padStart(width))).join(' | ')} |`;
  const rule = `|${widths.map((width, column) => (column === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  return [line(heads), rule, ...rows.map(line)].join('\n');
}

function short(circuit: string): string {
  return circuit.replace(/^solvency-/, '');
}

function grouped(value: number): string {
  return Math.round(value).toString().replace(/\B(?=(\d{3})+$)/g, ',');
}

function fixed(value: number | undefined, digits: number): string {
  return value === undefined ? '' : value.toFixed(digits);
}

function times(value: number, other: number | undefined): string {
  return other === undefined ? '' : `x ${(value / other).toFixed(2)}`;
}
