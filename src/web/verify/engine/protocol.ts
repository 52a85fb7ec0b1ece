import type { BucketLink } from '../../../attestation/receipt-bucket-link.js';
import type { MarginExplanation } from '../../../margin/explain.js';
import type { ExpectedRecipient } from '../../../verification/account-check.js';
import type { VerificationReport, VerificationStep } from '../../../verification/report.js';
import type { KnownVenue } from '../../../verification/venue-meant.js';

/** A file as a page is given it: not read yet. */
export interface Document {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** What a document says it is. */
export type DocumentKind = 'receipt' | 'attestation' | 'record';

/** What the reader wants to know. Without receipts it is about the attestation alone. */
export interface PageQuestion {
  readonly receipts: readonly Document[];
  readonly attestation?: Document;
  /** Instead of a chain. */
  readonly record?: Document;
  /** End point of a chain. */
  readonly rpc?: string;
  readonly known: KnownVenue;
  readonly expected: ExpectedRecipient;
}

/** What a page asks its worker. */
export type Asked =
  | { readonly kind: 'identify'; readonly documents: readonly Document[] }
  | { readonly kind: 'fetch'; readonly request: number; readonly link: BucketLink }
  | { readonly kind: 'verify'; readonly question: PageQuestion };

export type Identified =
  | { readonly document: Document; readonly kind: DocumentKind }
  | { readonly document: Document; readonly refusal: string };

/** What an account's margin is shown with. */
export interface AccountView {
  readonly margin: MarginExplanation;
  readonly currency: string;
  /** One value unit is 10^-valueScale of the currency. */
  readonly valueScale: number;
  /** Names of scenarios 1..S. */
  readonly scenarios: readonly string[];
  readonly userId: string;
  readonly subAccount: number;
  readonly epoch: number;
}

/** What the worker tells while it works. `item` counts the receipts from 0; it is 0 for an attestation alone. */
export type Told =
  | { readonly kind: 'identified'; readonly found: readonly Identified[] }
  | { readonly kind: 'fetched'; readonly request: number; readonly text: string; readonly bucket: number; readonly k: number; readonly manifestSha256: string }
  | { readonly kind: 'not-fetched'; readonly request: number; readonly reason: string }
  | { readonly kind: 'began'; readonly item: number; readonly file: string; readonly of: number }
  | { readonly kind: 'step'; readonly item: number; readonly step: VerificationStep }
  | { readonly kind: 'account'; readonly item: number; readonly account: AccountView }
  | { readonly kind: 'proof'; readonly item: number; readonly done: number; readonly of: number; /** How long this one took. */ readonly milliseconds: number }
  | { readonly kind: 'report'; readonly item: number; readonly file: string; readonly report: VerificationReport }
  | { readonly kind: 'ended' }
  /** The program itself failed: no verdict. */
  | { readonly kind: 'fault'; readonly message: string };
