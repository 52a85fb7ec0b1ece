import { join } from 'node:path';
import { Option, type Command } from 'commander';
import { serializeOnChainRecord } from '../attestation/on-chain-record-format.js';
import { parseAttestation } from '../attestation/attestation-format.js';
import { parseReceipt } from '../attestation/receipt-format.js';
import { askChain, type RecordPlace } from '../chain/ask-chain.js';
import { portablePoseidon } from '../commitment/poseidon-portable.js';
import { attempt } from '../error/attempt.js';
import { writeFileAtomically } from '../file/atomic-file.js';
import { formatDecimal } from '../fixed-point/decimal.js';
import { readCircuitList } from '../groth16/circuit-list.js';
import { parseKeyManifest } from '../groth16/key-manifest-format.js';
import type { MarginExplanation } from '../margin/explain.js';
import type { BundleText, RecordEvidence } from '../verification/evidence.js';
import type { TrustedKeyHashes } from '../verification/key-check.js';
import type { TrustedVerifierCodes } from '../verification/verifier-code-check.js';
import { reportToJson } from '../verification/report-json.js';
import { exitCodeOf, type VerificationReport } from '../verification/report.js';
import { venueMeant } from '../verification/venue-meant.js';
import { verifyAttestation } from '../verification/verify-attestation.js';
import { verifyReceipt } from '../verification/verify-receipt.js';
import { readText } from './files.js';
import { address, bigNumber } from './options.js';
import { table, type Output } from './output.js';
import { projectRoot } from './project.js';
import type { Runner } from './runner.js';

/** Where what the registry recorded comes from. */
export interface RecordSource {
  readonly rpc?: string;
  readonly record?: string;
}

export interface VerifyOptions extends RecordSource {
  readonly attestation?: string;
  readonly user?: string;
  readonly owner?: bigint;
  readonly saveRecord?: string;
  /** Manifest of the keys the reader trusts. */
  readonly manifest?: string;
  /** Address of the registry the reader knows from elsewhere; with it, the bundle's own word counts for nothing. */
  readonly registry?: string;
  readonly venueId?: bigint;
  readonly chainId?: bigint;
}

/** Verifies a receipt file. A chain that cannot be reached is no error here: the report then says "cannot tell". */
export async function verifyReceiptFile(file: string, options: VerifyOptions): Promise<{ readonly report: VerificationReport; readonly currency: Currency | undefined }> {
  const receipt: BundleText = { file, text: await readText(file) };
  const found = attempt(() => parseReceipt(receipt.text, file));
  const record = await recordEvidence(options, found === undefined ? undefined : { ...found.venue, epoch: found.epoch }, options.manifest !== undefined);
  await saveRecord(record, options.saveRecord);
  const report = await verifyReceipt({
    receipt, record, poseidon: portablePoseidon,
    circuits: await readCircuitList(join(projectRoot(), 'circuits', 'circuits.json')),
    ...(options.attestation === undefined ? {} : { attestation: { file: options.attestation, text: await readText(options.attestation) } }),
    ...venueMeant(options, found?.venue),
    ...await trustedByManifest(options.manifest),
    expected: { ...(options.user === undefined ? {} : { userId: options.user }), ...(options.owner === undefined ? {} : { owner: options.owner }) },
  });
  return { report, currency: found === undefined ? undefined : { name: found.market.currency, scale: found.market.valueScale } };
}

/** Verifies everything public of an attestation file. */
export async function verifyAttestationFile(file: string, options: VerifyOptions): Promise<VerificationReport> {
  const attestation: BundleText = { file, text: await readText(file) };
  const found = attempt(() => parseAttestation(attestation.text, file));
  const record = await recordEvidence(options, found === undefined ? undefined : { ...found.venue, epoch: found.epoch }, options.manifest !== undefined);
  await saveRecord(record, options.saveRecord);
  return verifyAttestation({
    attestation, record, poseidon: portablePoseidon,
    ...venueMeant(options, found?.venue),
    ...await trustedByManifest(options.manifest),
    circuits: await readCircuitList(join(projectRoot(), 'circuits', 'circuits.json')),
  });
}

/** Hashes of keys, and of their verifiers' code where it names them, by a manifest that the reader trusts. @throws FileReadError, KeyManifestError */
async function trustedByManifest(manifest: string | undefined): Promise<{ readonly trustedKeyHashes?: TrustedKeyHashes; readonly trustedVerifierCodes?: TrustedVerifierCodes }> {
  if (manifest === undefined) return {};
  const keys = Object.entries(parseKeyManifest(await readText(manifest), manifest).keys);
  return {
    trustedKeyHashes: Object.fromEntries(keys.map(([name, { verificationKeyHash }]) => [name, verificationKeyHash])),
    trustedVerifierCodes: Object.fromEntries(keys.flatMap(([name, { verifier }]) => (verifier === undefined ? [] : [[name, verifier.runtimeCodeHash] as const]))),
  };
}

/** What the registry recorded of an epoch, from where the reader said. @param verifierCodes whether a chain is asked for the verifiers' code too */
export async function recordEvidence(source: RecordSource, place: RecordPlace | undefined, verifierCodes = false): Promise<RecordEvidence> {
  if (source.record !== undefined) return { source: 'file', bundle: { file: source.record, text: await readText(source.record) } };
  if (source.rpc === undefined) return { source: 'none', reason: 'no chain and no saved record were named (--rpc or --record)' };
  if (place === undefined) return { source: 'none', reason: 'the bundle cannot be read, so it names no registry' };
  return askChain(source.rpc, place, { verifierCodes });
}

async function saveRecord(evidence: RecordEvidence, file: string | undefined): Promise<void> {
  if (file !== undefined && evidence.source === 'chain') await writeFileAtomically(file, serializeOnChainRecord(evidence.record));
}

interface Currency {
  readonly name: string;
  readonly scale: number;
}

/** A report as sentences. */
export function printVerification(output: Output, report: VerificationReport, currency?: Currency): void {
  const marks = { passed: 'ok  ', failed: 'FAIL', skipped: '-   ' } as const;
  report.steps.forEach((step) => output.say(`${marks[step.outcome]} ${step.title}: ${step.detail}`));
  if (report.margin !== undefined && currency !== undefined) printMargin(output, report.margin, currency);
  report.warnings.forEach((warning) => output.say(`warning: ${warning}`));
  output.say();
  output.say(report.summary);
}

function printMargin(output: Output, { lines, margin, worstScenario, distance }: MarginExplanation, { name, scale }: Currency): void {
  const money = (units: bigint): string => formatDecimal(units, scale);
  output.say();
  const rows = lines.map((line) => [
    line.instrument, formatDecimal(line.quantity, line.quantityDecimals), money(line.value), money(line.charge), money(line.worstPnl),
  ]);
  table([['holding', 'quantity', `value ${name}`, 'charge', `P&L in "${worstScenario.name}"`], ...rows]).forEach((row) => output.say(`  ${row}`));
  output.say(`  equity ${money(margin.equity)}, requirement ${money(margin.requirement)}, ${margin.healthy ? 'above by' : 'BELOW by'} ${money(distance < 0n ? -distance : distance)} ${name}`);
}

export function addVerifyCommand(program: Command, run: Runner): void {
  const verify = program.command('verify')
    .description('check a receipt, or an attestation alone; ends with 0 verified, 1 NOT verified, 2 cannot tell')
    .argument('[receipt]', 'your receipt')
    .option('--attestation <file>', 'also verify every proof of the epoch')
    .option('--rpc <url>', 'read what the registry recorded from this end point; it learns which epoch you ask for, not your account')
    // One of them would be left unasked, and its name stands in the question all the same.
    .addOption(new Option('--record <file>', 'use a record saved earlier: works offline').conflicts('rpc'))
    .option('--save-record <file>', 'keep what the chain said for offline use')
    .option('--manifest <file>', 'manifest.json of the keys you trust, of a ceremony you verified: any other key fails, and with --rpc any other verifier code')
    .option('--registry <address>', 'the registry you know from elsewhere; without it the bundle\'s own word is taken, with a warning', address)
    .option('--venue <id>', 'the venue you mean', bigNumber)
    .option('--chain <id>', 'the chain you mean', bigNumber)
    .option('--user <id>', 'your user id at the venue')
    .option('--owner <commitment>', 'your owner commitment', bigNumber)
    .addHelpText('after', `
Examples:
  clearproof verify receipt.json --rpc http://127.0.0.1:8545 --registry 0xA51c…91C0 --user alice
  clearproof verify receipt.json --attestation attestation.json --record record.json
  clearproof verify --attestation attestation.json --rpc http://127.0.0.1:8545`);
  verify.action(run(async (output, given: VerifyOptions & { venue?: bigint; chain?: bigint }, [receipt]) => {
    const { venue, chain, ...rest } = given;
    const options: VerifyOptions = { ...rest, ...(venue === undefined ? {} : { venueId: venue }), ...(chain === undefined ? {} : { chainId: chain }) };
    if (receipt === undefined && options.attestation === undefined) verify.help({ error: true });
    // A venue id or chain id says nothing about a registry that the bundle chose.
    if (options.registry === undefined && (venue ?? chain) !== undefined) verify.error('error: --venue and --chain need --registry');
    const { report, currency } = receipt === undefined
      ? { report: await verifyAttestationFile(options.attestation as string, options), currency: undefined }
      : await verifyReceiptFile(receipt, options);
    printVerification(output, report, currency);
    output.result(reportToJson(report));
    return exitCodeOf(report.verdict);
    // A file that cannot be read says nothing about the venue.
  }, exitCodeOf('cannot-tell')));
}
