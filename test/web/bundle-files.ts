import type { JsonValue } from '../../src/attestation/canonical-json.js';
import type { Documents } from '../builders/questions.js';
import type { Given, GivenFile } from './verification-page.js';

export const RECEIPT_FILE = 'receipt.json';
export const ATTESTATION_FILE = 'attestation.json';
export const RECORD_FILE = 'record.json';

/** The documents as the files that a reader has. */
export function filesOf({ receipt, attestation, record }: Documents, fields: Given['fields'] = {}): Given {
  return {
    receipts: [fileOf(RECEIPT_FILE, receipt)],
    ...(attestation === undefined ? {} : { attestation: fileOf(ATTESTATION_FILE, attestation) }),
    ...(record === undefined ? {} : { record: fileOf(RECORD_FILE, record) }),
    fields,
  };
}

export function fileOf(name: string, document: JsonValue): GivenFile {
  return { name, content: JSON.stringify(document) };
}
