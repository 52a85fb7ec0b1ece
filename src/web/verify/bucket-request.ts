import { readBucketLink, type BucketLink } from '../../attestation/receipt-bucket-link.js';
import { ClearproofError } from '../../error/clearproof-error.js';
import { byId, fill } from '../elements.js';
import type { ChosenFiles } from './chosen-files.js';
import type { Told } from './engine/protocol.js';

type Answer = Extract<Told, { kind: 'fetched' | 'not-fetched' }>;

/** A link that leads to a receipt among many: asks before anything is fetched, naming the address. */
export class BucketRequest {
  private link: BucketLink | undefined;
  /** Number of the request under way, so that the answer to an earlier link is not taken for this one's. */
  private request = 0;
  private readonly box = byId('bucket', HTMLDivElement);
  private readonly question = byId('bucket-question', HTMLParagraphElement);
  private readonly yes = byId('bucket-fetch', HTMLButtonElement);
  private readonly fetched = byId('bucket-fetched', HTMLParagraphElement);

  /** @param fetch sends for the receipt */
  constructor(private readonly files: ChosenFiles, fetch: (request: number, link: BucketLink) => void) {
    this.yes.addEventListener('click', () => {
      if (this.link === undefined) return;
      this.yes.disabled = true;
      fill(this.question, `Fetching from ${hostOf(this.link)} …`);
      fetch(this.request, this.link);
    });
    byId('bucket-refuse', HTMLButtonElement).addEventListener('click', () => this.forget());
    window.addEventListener('hashchange', () => this.read());
    this.read();
  }

  hear(answer: Answer): void {
    const { link } = this;
    if (link === undefined || answer.request !== this.request) return;
    this.forget();
    if (answer.kind === 'not-fetched') return this.files.refuse([`No receipt was fetched from ${hostOf(link)}: ${answer.reason}.`]);
    this.files.addReceipt(new File([answer.text], `receipt from ${hostOf(link)}`));
    fill(this.fetched, `Fetched from ${link.base}: bucket ${answer.bucket}, said to hold ${answer.k} accounts or more. Its manifest has the SHA-256 ${answer.manifestSha256}: `
      + 'compare it with the one that the venue prints for all, since a host that shows everybody another one can tell who reads.');
  }

  /** The fetch was stopped with everything else: it is offered again. */
  interrupt(): void {
    if (this.link !== undefined) this.offer(this.link);
  }

  forget(): void {
    this.link = undefined;
    this.request += 1;
    this.yes.disabled = false;
    this.box.hidden = true;
    fill(this.question);
    fill(this.fetched);
  }

  private read(): void {
    try {
      const link = readBucketLink(location.hash);
      if (link === undefined) return;
      this.forget();
      this.offer(link);
    } catch (thrown) {
      if (!(thrown instanceof ClearproofError)) throw thrown;
      this.files.refuse([`The link cannot be used: ${thrown.message}.`]);
    }
    // The key opens the receipts of every epoch: it does not stay in the address bar, where it would be seen and copied.
    history.replaceState(null, '', location.pathname + location.search);
  }

  private offer(link: BucketLink): void {
    this.link = link;
    this.request += 1;
    this.yes.disabled = false;
    this.box.hidden = false;
    // The whole address: a folder or a host made for one reader tells who asks.
    fill(this.question, `Your link leads to receipts at ${hostOf(link)}, in ${link.base}. That address must be the same for everybody: one with a name or a number of yours in it tells the host who you are. `
      + 'Shall the page ask that host? It learns that somebody at your network address fetches one of its files, each of which holds the receipts of many, and not which of them is yours. Nothing else is sent.');
  }
}

function hostOf({ base }: BucketLink): string {
  return new URL(base).host;
}
