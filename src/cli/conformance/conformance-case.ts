import { ClearproofError } from '../../error/clearproof-error.js';
import { JsonNode, type JsonObject } from '../../venue/json-node.js';
import { readOperation, type PatchOperation } from './json-patch.js';

/** A case or a folder of cases contradicts the format of cases. */
export class ConformanceCaseError extends ClearproofError {
  readonly code = 'CONFORMANCE_CASE';
}

const CASES_FORMAT = 'clearproof-conformance-cases';
export const KINDS = ['receipt', 'attestation', 'record', 'account', 'market-commitment', 'margin', 'poseidon', 'digest', 'bucket'] as const;
const CONFORMANCE_VERDICTS = ['verified', 'not-verified', 'cannot-tell', 'accepted', 'refused'] as const;

export type CaseKind = (typeof KINDS)[number];

/** What a document is made from: a file beside the cases and changes to it, or its whole text. */
export interface DocumentSource {
  readonly base?: string;
  readonly text?: string;
  readonly patch: readonly PatchOperation[];
  /** Changes of the text, each found exactly once; after the patch. */
  readonly edits: readonly { readonly find: string; readonly replace: string }[];
  readonly layout: 'as-is' | 'pretty' | 'reversed';
  /** Changes of bytes: flip the bits of `mask` at a place. */
  readonly flips: readonly { readonly at: number; readonly mask: number }[];
  /** Bytes that are kept; all when undefined. */
  readonly keep?: number;
}

export interface ConformanceCase {
  readonly name: string;
  readonly stresses: string;
  readonly kind: CaseKind;
  readonly documents: ReadonlyMap<string, DocumentSource>;
  /** What stands beside the documents: who asks, and inputs of kinds without documents. */
  readonly question: JsonObject;
  readonly expect: {
    readonly verdict: (typeof CONFORMANCE_VERDICTS)[number];
    readonly step?: string;
    readonly code?: string;
    /** Names and values as text; lists are joined by commas. */
    readonly figures: Readonly<Record<string, string>>;
  };
}

const CASE_FIELDS = ['name', 'stresses', 'threat', 'kind', 'documents', 'question', 'expect'];
const QUESTION_FIELDS = ['userId', 'subAccount', 'owner', 'venue', 'trustedKeyHashes', 'recordRefused', 'inputs', 'text', 'accessKey'];
const MOST_CASES = 1_000;
const MOST_EDITS = 64;
const NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/;
/** Below the folder, never beside it. */
const BASE = /^[a-z0-9][a-z0-9.-]*(\/[a-z0-9][a-z0-9.-]*)*$/;

/** Reads a file of cases strictly. @throws JsonShapeError, JsonSyntaxError, ConformanceCaseError */
export function parseCases(text: string, file: string): readonly ConformanceCase[] {
  const fields = JsonNode.parse(text, { file }).object(['format', 'version', 'cases']);
  fields.field('format').choice([CASES_FORMAT]);
  fields.field('version').numberedCount(1, 1);
  return fields.field('cases').list({ atLeast: 1, atMost: MOST_CASES }).map(readCase);
}

function readCase(node: JsonNode): ConformanceCase {
  const fields = node.object(CASE_FIELDS);
  fields.optional('threat')?.textLike(/^[A-Z][0-9]+$/, 'the number of a threat, as in I14');
  const expect = fields.field('expect').object(['verdict', 'step', 'code', 'figures']);
  const [step, code] = [expect.optional('step')?.text(), expect.optional('code')?.text()];
  const question = fields.optional('question') ?? JsonNode.of({}, node.place);
  return {
    name: fields.field('name').textLike(NAME, 'lower-case words joined by hyphens'),
    stresses: fields.field('stresses').text(),
    kind: fields.field('kind').choice(KINDS),
    documents: new Map((fields.optional('documents')?.members() ?? []).map(([name, source]) => [name, readSource(source)])),
    question: question.object(QUESTION_FIELDS),
    expect: {
      verdict: expect.field('verdict').choice(CONFORMANCE_VERDICTS),
      ...(step === undefined ? {} : { step }), ...(code === undefined ? {} : { code }),
      figures: Object.fromEntries((expect.optional('figures')?.members() ?? []).map(([name, value]) => [name, value.text()])),
    },
  };
}

function readSource(node: JsonNode): DocumentSource {
  const fields = node.object(['base', 'text', 'patch', 'edits', 'layout', 'flips', 'keep']);
  const [base, text, keep] = [fields.optional('base')?.textLike(BASE, 'a file below the folder of cases'), fields.optional('text')?.text(), fields.optional('keep')?.integer(0, 2 ** 28)];
  if ((base === undefined) === (text === undefined)) throw node.refuse('must have one of base and text');
  const list = (name: string): JsonNode[] => fields.optional(name)?.list({ atMost: MOST_EDITS }) ?? [];
  return {
    ...(base === undefined ? {} : { base }), ...(text === undefined ? {} : { text }), ...(keep === undefined ? {} : { keep }),
    patch: list('patch').map(readOperation),
    edits: list('edits').map((edit) => {
      const { find, replace } = { find: edit.object(['find', 'replace']).field('find').text(), replace: edit.object(['find', 'replace']).field('replace').text() };
      return { find, replace };
    }),
    layout: fields.optional('layout')?.choice(['as-is', 'pretty', 'reversed'] as const) ?? 'as-is',
    flips: list('flips').map((flip) => ({ at: flip.object(['at', 'mask']).field('at').integer(0, 2 ** 28), mask: flip.object(['at', 'mask']).field('mask').integer(1, 255) })),
  };
}
