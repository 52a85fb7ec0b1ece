import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { rename, rm } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { bucketLink } from '../../attestation/receipt-bucket-link.js';
import { SECRET_FILE, temporaryName } from '../../file/atomic-file.js';
import type { AccountName } from '../../proving/receipt-buckets/export-buckets.js';

/** What each user's link is made of. */
export interface LinkTarget {
  /** Address of the verification page. */
  readonly page: string;
  /** Address of the export's folder, as readers reach it. */
  readonly buckets: string;
}

/**
 * One JSON line an account (user, subAccount, link) for the mail-out, whole or not at all. Secret: each link opens that account in
 * every epoch, which is why it is mailed once.
 *
 * @returns how many
 */
export async function writeLinks(file: string, names: AsyncIterable<AccountName>, accessKeyOf: (name: AccountName) => Uint8Array, { page, buckets }: LinkTarget): Promise<number> {
  const temporary = temporaryName(file);
  const stream = createWriteStream(temporary, { mode: SECRET_FILE, flags: 'wx', flush: true });
  let links = 0;
  try {
    for await (const name of names) {
      const link = bucketLink(page, { base: buckets, accessKey: accessKeyOf(name) });
      if (!stream.write(`${JSON.stringify({ user: name.userId, subAccount: name.subAccount.toString(), link })}\n`)) await once(stream, 'drain');
      links += 1;
    }
    stream.end();
    await finished(stream);
    await rename(temporary, file);
    return links;
  } catch (cause) {
    stream.destroy();
    await rm(temporary, { force: true });
    throw cause;
  }
}
