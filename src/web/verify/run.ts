import type { Verdict, VerificationReport, VerificationStep } from '../../verification/report.js';
import { reportToJson } from '../../verification/report-json.js';
import type { AccountView } from './engine/protocol.js';
import { Stopwatch } from './timings.js';

/** One receipt, or the attestation alone, on its way to a verdict. */
export class Item {
  readonly steps: VerificationStep[] = [];
  readonly watch: Stopwatch;
  account: AccountView | undefined;
  report: VerificationReport | undefined;
  proofs: { readonly done: number; readonly of: number } | undefined;

  constructor(readonly file: string, now: () => number) {
    this.watch = new Stopwatch(now);
  }
}

/** Everything that one press of the button asked for. */
export class Run {
  readonly items: Item[] = [];
  /** How many there will be. */
  expected = 1;
  private readonly pressed: number;

  constructor(readonly about: 'receipt' | 'attestation', private readonly now: () => number = () => performance.now()) {
    this.pressed = now();
  }

  /** The first item's time counts from the press, so that reading its files counts. */
  begin(item: number, file: string, of: number): void {
    this.expected = of;
    let first = item === 0;
    this.items[item] = new Item(file, () => {
      if (!first) return this.now();
      first = false;
      return this.pressed;
    });
  }

  /** The worst verdict there is, with a sentence of how many; undefined for one item, which speaks for itself. */
  get overall(): { readonly verdict: Verdict; readonly sentence: string } | undefined {
    if (this.items.length < 2) return undefined;
    const count = (verdict: Verdict): number => this.items.filter(({ report }) => report?.verdict === verdict).length;
    const [bad, open] = [count('not-verified'), count('cannot-tell')];
    const verdict = bad > 0 ? 'not-verified' : open > 0 ? 'cannot-tell' : 'verified';
    const parts = [[count('verified'), 'verified'], [bad, 'NOT verified'], [open, 'cannot tell']] as const;
    const counts = parts.flatMap(([number, name]) => (number === 0 ? [] : [`${number} ${name}`]));
    return { verdict, sentence: `${this.items.length} receipts: ${counts.join(', ')}. Below is the one chosen in the list.` };
  }

  /** Place of the first with the worst verdict. */
  get worst(): number {
    const { verdict } = this.overall ?? { verdict: undefined };
    return Math.max(0, this.items.findIndex(({ report }) => report?.verdict === verdict));
  }

  /** What `clearproof verify --json` prints, with timings; a list, with file names, of several. */
  toJson(): unknown {
    const one = ({ report, watch }: Item): Record<string, unknown> =>
      ({ ...(report === undefined ? {} : reportToJson(report) as Record<string, unknown>), timings: watch.timings });
    const [first] = this.items;
    if (this.expected === 1 && first !== undefined) return one(first);
    return this.items.map((item) => ({ file: item.file, ...one(item) }));
  }
}
