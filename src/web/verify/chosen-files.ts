import { byId, fill, make } from '../elements.js';
import { refusalOf, sizeText } from './engine/documents.js';
import type { Document, DocumentKind, Identified } from './engine/protocol.js';

const KIND_NAMES: Readonly<Record<DocumentKind, string>> = { receipt: 'receipt', attestation: 'attestation', record: 'saved record' };

/** The files a reader chose or dropped, and the list that shows them. What is chosen last counts. */
export class ChosenFiles {
  receipts: readonly Document[] = [];
  attestation: Document | undefined;
  record: Document | undefined;
  /** Why what was chosen last cannot be read. Without it the answer would be about the other files alone. */
  private readonly unread = new Map<DocumentKind, readonly string[]>();
  private readonly list = byId('files', HTMLUListElement);
  private readonly refused = byId('refused', HTMLDivElement);
  private readonly drop = byId('drop', HTMLDivElement);
  private readonly inputs: Readonly<Record<DocumentKind, HTMLInputElement>> = {
    receipt: byId('receipt-file', HTMLInputElement), attestation: byId('attestation-file', HTMLInputElement), record: byId('record-file', HTMLInputElement),
  };

  private asked = 0;

  /**
   * @param identify asks what dropped files are
   * @param changed called whenever what is chosen becomes something else, before it is asked about
   */
  constructor(private readonly identify: (files: readonly Document[]) => void, private readonly changed: () => void) {
    for (const kind of ['receipt', 'attestation', 'record'] as const) {
      this.inputs[kind].addEventListener('change', () => this.chosen(kind, [...(this.inputs[kind].files ?? [])]));
    }
    // Without this a file beside the zone would replace the page.
    for (const name of ['dragover', 'drop'] as const) document.addEventListener(name, (event) => event.preventDefault());
    this.drop.addEventListener('dragover', () => this.drop.classList.add('over'));
    this.drop.addEventListener('dragleave', () => this.drop.classList.remove('over'));
    this.drop.addEventListener('drop', (event) => this.dropped([...(event.dataTransfer?.files ?? [])]));
  }

  /** Whether it is not known yet what dropped files are: an answer now would be about the other files alone. */
  get areIdentified(): boolean {
    return this.asked === 0;
  }

  /** Nobody is going to tell any more what was dropped. */
  stopIdentifying(): void {
    this.asked = 0;
  }

  clear(): void {
    this.stopIdentifying();
    this.receipts = [];
    this.attestation = undefined;
    this.record = undefined;
    this.unread.clear();
    for (const input of Object.values(this.inputs)) input.value = '';
    this.refuse([]);
    this.show();
  }

  /** Takes dropped files once it is known what they are. */
  take(found: readonly Identified[]): void {
    this.asked = Math.max(0, this.asked - 1);
    this.changed();
    for (const one of found) {
      if ('kind' in one) this.add(one.kind, one.document);
    }
    this.refuse(found.flatMap((one) => ('refusal' in one ? [one.refusal] : [])));
    this.show();
  }

  addReceipt(receipt: Document): void {
    this.changed();
    this.add('receipt', receipt);
    this.show();
  }

  /** Whether a chosen file could not be read, and says so: nothing is answered while one is there. */
  refusesUnread(): boolean {
    const sentences = [...this.unread.values()].flat();
    this.refuse(sentences);
    return sentences.length > 0;
  }

  refuse(sentences: readonly string[]): void {
    fill(this.refused, ...sentences.map((sentence) => make('p', {}, sentence)));
  }

  private chosen(kind: DocumentKind, files: readonly File[]): void {
    this.changed();
    const good = files.filter((file) => refusalOf(file) === undefined);
    if (kind === 'receipt') this.receipts = good;
    else this[kind] = good[0];
    this.unread.set(kind, files.flatMap((file) => refusalOf(file) ?? []));
    this.refusesUnread();
    this.show();
  }

  private dropped(files: readonly File[]): void {
    this.drop.classList.remove('over');
    if (files.length === 0) return;
    this.changed();
    this.asked += 1;
    this.identify(files);
  }

  private add(kind: DocumentKind, document: Document): void {
    if (kind === 'receipt') {
      this.receipts = [...this.receipts, document];
      return;
    }
    this.unread.delete(kind);
    this[kind] = document;
  }

  private show(): void {
    const all = [
      ...this.receipts.map((document) => ['receipt', document] as const),
      ...(this.attestation === undefined ? [] : [['attestation', this.attestation] as const]),
      ...(this.record === undefined ? [] : [['record', this.record] as const]),
    ];
    fill(this.list, ...all.map(([kind, { name, size }]) => make('li', {}, `${name}: ${KIND_NAMES[kind]}, ${sizeText(size)}`)));
  }
}
