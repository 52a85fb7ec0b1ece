import { parseAttestation } from '../../../attestation/attestation-format.js';
import type { VenueLocation } from '../../../attestation/attestation.js';
import { fetchBucketReceipt } from '../../../attestation/receipt-bucket-fetch.js';
import { remoteBuckets } from '../../../attestation/receipt-bucket-remote.js';
import { parseReceipt } from '../../../attestation/receipt-format.js';
import type { Receipt } from '../../../attestation/receipt.js';
import { askChain, type ChainAnswer, type RecordPlace } from '../../../chain/ask-chain.js';
import type { Poseidon } from '../../../commitment/poseidon.js';
import { attempt } from '../../../error/attempt.js';
import { ClearproofError, messageOf } from '../../../error/clearproof-error.js';
import type { KnownCircuit } from '../../../verification/circuit-check.js';
import type { BundleText, RecordEvidence } from '../../../verification/evidence.js';
import type { VerificationProgress } from '../../../verification/progress.js';
import { venueMeant } from '../../../verification/venue-meant.js';
import { verifyAttestation } from '../../../verification/verify-attestation.js';
import { verifyReceipt } from '../../../verification/verify-receipt.js';
import { identify, textOf } from './documents.js';
import type { Asked, Document, PageQuestion, Told } from './protocol.js';
import { rememberingPoseidon } from './remembering-poseidon.js';

export interface EngineContext {
  readonly poseidon: Poseidon;
  readonly circuits: readonly KnownCircuit[];
  readonly tell: (told: Told) => void;
  /** Asks the chain; replaced in tests. */
  readonly ask?: typeof askChain;
}

/** What was said by one end point of one epoch is asked once a run. */
type Records = Map<string, Promise<ChainAnswer>>;

/** Answers one message of the page. Decides nothing: src/verification does. Never rejects: a fault of the program is told. */
export async function answer(context: EngineContext, asked: Asked): Promise<void> {
  const { tell } = context;
  try {
    switch (asked.kind) {
      case 'identify':
        tell({ kind: 'identified', found: await Promise.all(asked.documents.map(identify)) });
        return;
      case 'fetch':
        tell(await fetched(asked));
        return;
      case 'verify':
        await verify({ ...context, poseidon: rememberingPoseidon(context.poseidon) }, asked.question);
        tell({ kind: 'ended' });
        return;
    }
  } catch (thrown) {
    tell({ kind: 'fault', message: messageOf(thrown) });
  }
}

/** The receipt that a link leads to, or why there is none. */
async function fetched({ request, link: { base, accessKey } }: Extract<Asked, { kind: 'fetch' }>): Promise<Told> {
  try {
    const { text, bucket, k, manifestSha256 } = await fetchBucketReceipt(remoteBuckets(base), { accessKey });
    return { kind: 'fetched', request, text, bucket, k, manifestSha256 };
  } catch (thrown) {
    if (!(thrown instanceof ClearproofError)) throw thrown;
    return { kind: 'not-fetched', request, reason: thrown.message };
  }
}

async function verify(context: EngineContext, question: PageQuestion): Promise<void> {
  const records: Records = new Map();
  const attestation = await bundleOf(question.attestation);
  const record = await bundleOf(question.record);
  if (question.receipts.length === 0 && attestation !== undefined) {
    await verifyAlone(context, question, attestation, await evidenceOf(context, question, record, records, attempt(() => parseAttestation(attestation.text))));
    return;
  }
  for (const [item, document] of question.receipts.entries()) {
    context.tell({ kind: 'began', item, file: document.name, of: question.receipts.length });
    const receipt: BundleText = { file: document.name, text: await textOf(document) };
    const found = attempt(() => parseReceipt(receipt.text));
    const report = await verifyReceipt({
      receipt,
      record: await evidenceOf(context, question, record, records, found),
      poseidon: context.poseidon,
      circuits: context.circuits,
      expected: question.expected,
      ...(attestation === undefined ? {} : { attestation }),
      ...venueMeant(question.known, found?.venue),
      progress: progressOf(context, item, found),
    });
    context.tell({ kind: 'report', item, file: document.name, report });
  }
}

async function verifyAlone(context: EngineContext, { known }: PageQuestion, attestation: BundleText, record: RecordEvidence): Promise<void> {
  context.tell({ kind: 'began', item: 0, file: attestation.file, of: 1 });
  const found = attempt(() => parseAttestation(attestation.text));
  const report = await verifyAttestation({
    attestation, record, poseidon: context.poseidon, circuits: context.circuits, ...venueMeant(known, found?.venue), progress: progressOf(context, 0, undefined),
  });
  context.tell({ kind: 'report', item: 0, file: attestation.file, report });
}

function progressOf({ tell }: EngineContext, item: number, receipt: Receipt | undefined): VerificationProgress {
  let before = 0;
  return {
    step: (step) => {
      tell({ kind: 'step', item, step });
      before = performance.now();
    },
    proof: (done, of) => {
      const now = performance.now();
      tell({ kind: 'proof', item, done, of, milliseconds: now - before });
      before = now;
    },
    margin: (margin) => {
      if (receipt === undefined) return;
      const { market: { currency, valueScale, scenarios }, userId, subAccount, epoch } = receipt;
      tell({ kind: 'account', item, account: { margin, currency, valueScale, scenarios, userId, subAccount, epoch } });
    },
  };
}

/** As the command line finds it: a saved record first, then the chain. */
async function evidenceOf(
  { ask = askChain }: EngineContext, { rpc }: PageQuestion, record: BundleText | undefined, records: Records,
  found: { readonly venue: VenueLocation; readonly epoch: number } | undefined,
): Promise<RecordEvidence> {
  if (record !== undefined) return { source: 'file', bundle: record };
  if (rpc === undefined) return { source: 'none', reason: 'no end point of a chain and no saved record were given' };
  if (found === undefined) return { source: 'none', reason: 'the bundle cannot be read, so it names no registry' };
  const place: RecordPlace = { registry: found.venue.registry, venueId: found.venue.venueId, epoch: found.epoch };
  const name = [place.registry, place.venueId, place.epoch].join();
  const asking = records.get(name) ?? ask(rpc, place);
  records.set(name, asking);
  return asking;
}

async function bundleOf(document: Document | undefined): Promise<BundleText | undefined> {
  return document === undefined ? undefined : { file: document.name, text: await textOf(document) };
}
