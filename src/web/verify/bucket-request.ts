import { readBucketLink, type BucketLink } from '../../attestation/receipt-bucket-link.js';
import { ClearproofError } from '../../error/clearproof-error.js';
import { byId, fill } from '../elements.js';
import type { ChosenFiles } from './chosen-files.js';
import type { Told } from './engine/protocol.js';

type Answer = Extract<Told, { kind: 'fetched' | 'not-fetched' }>;

/** A link that leads to a receipt among many: asks before anything is fetched, naming the host. */
export class BucketRequest {
  private link: BucketLink | undefined;
  private readonly box = byId('bucket', HTMLDivElement);
  private readonly question = byId('bucket-question', HTMLParagraphElement);
  private readonly yes = byId('bucket-fetch', HTMLButtonElement);

  /** @param fetch sends for the receipt */
  constructor(private readonly files: ChosenFiles, fetch: (link: BucketLink) => void) {
    this.yes.addEventListener('click', () => {
      if (this.link === undefined) return;
      this.yes.disabled = true;
      fill(this.question, `Fetching from ${hostOf(this.link)} …`);
      fetch(this.link);
    });
    byId('bucket-refuse', HTMLButtonElement).addEventListener('click', () => this.forget());
    window.addEventListener('hashchange', () => this.read());
    this.read();
  }

  hear(answer: Answer): void {
    const { link } = this;
    if (link === undefined) return;
    this.forget();
    if (answer.kind === 'not-fetched') this.files.refuse([`No receipt was fetched from ${hostOf(link)}: ${answer.reason}.`]);
    else this.files.addReceipt(new File([answer.text], `receipt from ${hostOf(link)}`));
  }

  forget(): void {
    this.link = undefined;
    this.yes.disabled = false;
    this.box.hidden = true;
    fill(this.question);
  }

  private read(): void {
    try {
      const link = readBucketLink(location.hash);
      if (link === undefined) return;
      this.link = link;
      this.yes.disabled = false;
      this.box.hidden = false;
      fill(this.question, `Your link leads to receipts at ${hostOf(link)}. Shall the page ask that host? It learns that somebody at your network address fetches one of its files, `
        + 'each of which holds the receipts of many, and not which of them is yours. Nothing else is sent.');
    } catch (thrown) {
      if (!(thrown instanceof ClearproofError)) throw thrown;
      this.files.refuse([`The link cannot be used: ${thrown.message}.`]);
    }
    // The key opens the receipts of every epoch: it does not stay in the address bar, where it would be seen and copied.
    history.replaceState(null, '', location.pathname + location.search);
  }
}

function hostOf({ base }: BucketLink): string {
  return new URL(base).host;
}
