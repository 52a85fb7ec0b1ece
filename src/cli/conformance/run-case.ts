import { canonicalSha256, sha256OfText, type JsonValue } from '../../attestation/canonical-json.js';
import { parseOnChainRecord } from '../../attestation/on-chain-record-format.js';
import { parseManifest } from '../../attestation/receipt-bucket-format.js';
import { openBucketReceipt } from '../../attestation/receipt-bucket-open.js';
import { accessKeyFromText, bucketNumber } from '../../attestation/receipt-bucket-secrets.js';
import { parseReceipt } from '../../attestation/receipt-format.js';
import { accountLeaf, slotsOf } from '../../commitment/account-leaf.js';
import { digestOf } from '../../commitment/digest.js';
import { keyOf } from '../../commitment/identity.js';
import { marketCommitment } from '../../commitment/market-commitment.js';
import type { Poseidon } from '../../commitment/poseidon.js';
import { ClearproofError } from '../../error/clearproof-error.js';
import { FIELD_MODULUS } from '../../field/scalar-field.js';
import { explain, type MarginExplanation } from '../../margin/explain.js';
import { tieredRows } from '../../risk/tiers.js';
import { rootOfPath } from '../../tree/merkle-path.js';
import { checkTierSplit } from '../../verification/account-check.js';
import type { RecordEvidence } from '../../verification/evidence.js';
import type { VerificationReport } from '../../verification/report.js';
import { verifyAttestation } from '../../verification/verify-attestation.js';
import { verifyReceipt } from '../../verification/verify-receipt.js';
import { CaseDocuments } from './case-documents.js';
import { ConformanceCaseError, type CaseKind, type ConformanceCase } from './conformance-case.js';

/** What this program says to a case. */
export interface CaseFinding {
  readonly verdict: string;
  readonly step?: string | undefined;
  readonly code?: string | undefined;
  readonly figures: Readonly<Record<string, string>>;
}

type Run = (poseidon: Poseidon, documents: CaseDocuments, one: ConformanceCase) => Promise<CaseFinding>;

const RUNS: Readonly<Record<CaseKind, Run>> = {
  receipt: runReceipt,
  attestation: runAttestation,
  record: accepting(async (_poseidon, documents) => {
    const record = parseOnChainRecord(await documents.text('record'));
    return { covered: String(record.covered), batches: record.batchCircuits.length.toString() };
  }),
  account: accepting(async (poseidon, documents) => {
    const receipt = parseReceipt(await documents.text('receipt'));
    const key = keyOf(poseidon, receipt);
    const leaf = accountLeaf(poseidon, key, receipt.salt, slotsOf(receipt.holdings, receipt.slots, tieredRows(receipt.market)));
    return { key: key.toString(), leaf: leaf.toString(), root: rootOfPath(poseidon, leaf, receipt.path, receipt.depth).toString() };
  }),
  'market-commitment': accepting(async (poseidon, documents) => ({ marketCommitment: marketCommitment(poseidon, parseReceipt(await documents.text('receipt')).market).toString() })),
  margin: accepting(async (_poseidon, documents) => {
    const { market, holdings } = parseReceipt(await documents.text('receipt'));
    checkTierSplit({ market, holdings });
    return marginFigures(explain(market, holdings));
  }),
  poseidon: accepting((poseidon, _documents, { question }) => {
    const inputs = question.field('inputs').list({ atLeast: 1, atMost: 16 }).map((input) => input.bigInteger(0n, FIELD_MODULUS - 1n));
    return Promise.resolve({ hash: poseidon.hash(inputs).toString() });
  }),
  digest: accepting((_poseidon, _documents, { question }) => Promise.resolve({ digest: digestOf(question.field('text').text()).toString() })),
  bucket: accepting(async (_poseidon, documents, { question }) => {
    const accessKey = accessKeyFromText(question.field('accessKey').text());
    const [manifestText, commonText, bucketBytes] = [await documents.text('manifest'), await documents.text('common'), await documents.bytes('bucket')];
    const bucket = await bucketNumber(accessKey, parseManifest(manifestText));
    const { text } = await openBucketReceipt({ manifestText, commonText, bucketBytes, accessKey });
    return { bucket: bucket.toString(), receiptSha256: sha256OfText(text) };
  }),
};

/** Runs a case on this program's verifier. @param folder where bases lie @throws ConformanceCaseError, JsonPatchError for a case that cannot be run */
export async function runCase(poseidon: Poseidon, folder: string, one: ConformanceCase): Promise<CaseFinding> {
  return RUNS[one.kind](poseidon, new CaseDocuments(folder, one), one);
}

/** What differs from what is expected, in words; none for a case that holds. Figures that are not named are not compared. */
export function differences({ expect }: ConformanceCase, found: CaseFinding): readonly string[] {
  const differ = (name: string, wanted: string | undefined, is: string | undefined): string[] =>
    (wanted === is ? [] : [`${name}: expected ${wanted ?? 'none'}, found ${is ?? 'none'}`]);
  return [
    ...differ('verdict', expect.verdict, found.verdict), ...differ('step', expect.step, found.step), ...differ('code', expect.code, found.code),
    ...Object.entries(expect.figures).flatMap(([name, value]) => differ(name, value, found.figures[name])),
  ];
}

async function runReceipt(poseidon: Poseidon, documents: CaseDocuments, { question }: ConformanceCase): Promise<CaseFinding> {
  const [userId, subAccount, owner] = [question.optional('userId')?.text(), question.optional('subAccount')?.integer(0, 2 ** 32 - 1), question.optional('owner')?.bigInteger(0n, FIELD_MODULUS)];
  return ofReport(await verifyReceipt({
    poseidon, receipt: { file: 'receipt', text: await documents.text('receipt') }, ...await sharedQuestion(documents, question),
    expected: { ...(userId === undefined ? {} : { userId }), ...(subAccount === undefined ? {} : { subAccount }), ...(owner === undefined ? {} : { owner }) },
  }));
}

async function runAttestation(poseidon: Poseidon, documents: CaseDocuments, { question }: ConformanceCase): Promise<CaseFinding> {
  const { attestation, ...shared } = await sharedQuestion(documents, question);
  if (attestation === undefined) throw new ConformanceCaseError('a case of the kind attestation has a document attestation');
  const finding = ofReport(await verifyAttestation({ poseidon, attestation, ...shared }));
  return { ...finding, figures: { ...finding.figures, ...hashOf(attestation.text) } };
}

interface SharedQuestion {
  readonly record: RecordEvidence;
  readonly attestation?: { readonly file: string; readonly text: string };
  readonly venue?: { readonly chainId: bigint; readonly registry: string; readonly venueId: bigint };
  readonly trustedKeyHashes?: Readonly<Record<string, string>>;
}

async function sharedQuestion(documents: CaseDocuments, question: ConformanceCase['question']): Promise<SharedQuestion> {
  const venue = question.optional('venue')?.object(['chainId', 'registry', 'venueId']);
  const hashes = question.optional('trustedKeyHashes')?.members();
  return {
    record: await recordEvidence(documents, question.optional('recordRefused') !== undefined),
    ...(documents.has('attestation') ? { attestation: { file: 'attestation', text: await documents.text('attestation') } } : {}),
    ...(venue === undefined ? {} : {
      venue: {
        chainId: venue.field('chainId').bigInteger(1n, FIELD_MODULUS - 1n), registry: venue.field('registry').text(), venueId: venue.field('venueId').bigInteger(0n, FIELD_MODULUS - 1n),
      },
    }),
    ...(hashes === undefined ? {} : { trustedKeyHashes: Object.fromEntries(hashes.map(([circuit, hash]) => [circuit, hash.text()])) }),
  };
}

/** A record counts as read from a chain: a case is about what stands there. */
async function recordEvidence(documents: CaseDocuments, refused: boolean): Promise<RecordEvidence> {
  if (refused) return { source: 'refused', reason: 'the registry has no such epoch' };
  if (!documents.has('record')) return { source: 'none', reason: 'no chain was asked' };
  return { source: 'file', bundle: { file: 'record', text: await documents.text('record') } };
}

function ofReport({ verdict, steps, margin }: VerificationReport): CaseFinding {
  const failure = steps.find(({ outcome }) => outcome === 'failed');
  return { verdict, step: failure?.id, code: failure?.code, figures: margin === undefined ? {} : marginFigures(margin) };
}

function marginFigures({ margin, worstScenario, worstPnl, distance }: MarginExplanation): Record<string, string> {
  const { equity, charges, scenarioPnl, excess, requirement, healthy, shortfall, badDebt } = margin;
  return {
    equity: equity.toString(), charges: charges.toString(), scenarioPnl: scenarioPnl.join(','), excess: excess.join(','), requirement: requirement.toString(), distance: distance.toString(),
    worstScenario: worstScenario.number.toString(), worstPnl: worstPnl.toString(), healthy: String(healthy), shortfall: shortfall.toString(), badDebt: badDebt.toString(),
  };
}

/** None for a text that is no JSON. */
function hashOf(text: string): Record<string, string> {
  try {
    return { sha256: canonicalSha256(JSON.parse(text) as JsonValue) };
  } catch {
    // The case is about the syntax: its verdict says so.
    return {};
  }
}

/** A computation that gives figures, or refuses its input for a reason. */
function accepting(compute: (poseidon: Poseidon, documents: CaseDocuments, one: ConformanceCase) => Promise<Record<string, string>>): Run {
  return async (poseidon, documents, one) => {
    try {
      return { verdict: 'accepted', figures: await compute(poseidon, documents, one) };
    } catch (error) {
      if (!(error instanceof ClearproofError) || error instanceof ConformanceCaseError) throw error;
      return { verdict: 'refused', code: error.code, figures: {} };
    }
  };
}
