import { accessKeyFromText, accessKeyToText } from './receipt-bucket-secrets.js';
import { AccessKeyError } from './receipt-bucket-errors.js';

/** What a link from the venue's mail-out says after its #. */
export interface BucketLink {
  /** Where the export's folder is served. */
  readonly base: string;
  readonly accessKey: Uint8Array;
}

const LOCAL_HOST = /^(localhost|127\.0\.0\.1|\[::1\])$/;

/** The link a user is mailed, once: what follows # is sent to no server. @param page address of the verification page */
export function bucketLink(page: string, { base, accessKey }: BucketLink): string {
  return `${page.replace(/#.*$/s, '')}#buckets=${encodeURIComponent(base)}&key=${accessKeyToText(accessKey)}`;
}

/** Reads what follows #; undefined when it speaks of no buckets. @throws AccessKeyError for a base that is no https URL, or a wrong key */
export function readBucketLink(hash: string): BucketLink | undefined {
  const fields = new URLSearchParams(hash.replace(/^#/, ''));
  const base = fields.get('buckets');
  if (base === null) return undefined;
  return { base: readBucketBase(base), accessKey: accessKeyFromText(fields.get('key') ?? '') };
}

/** The address of an export's folder, with / at its end. @throws AccessKeyError unless it is https, or http on this machine, and nothing but a folder */
export function readBucketBase(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const safe = url !== undefined && (url.protocol === 'https:' || (url.protocol === 'http:' && LOCAL_HOST.test(url.hostname)));
  // A query or a name of a user in the address could tell one reader from another.
  if (!safe || url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '') {
    throw new AccessKeyError('the link\'s buckets= is no https address of a folder: copy the whole link from the venue\'s mail');
  }
  return url.href.endsWith('/') ? url.href : `${url.href}/`;
}
