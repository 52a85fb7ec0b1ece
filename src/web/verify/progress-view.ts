import { byId, fill } from '../elements.js';
import type { Run } from './run.js';

/** Steps of a receipt's verification; an attestation's has fewer, and is done when it is done. */
const STEPS = 18;

/** Bar and words of what is going on. */
export class ProgressView {
  private readonly bar = byId('progress', HTMLProgressElement);
  private readonly text = byId('progress-text', HTMLParagraphElement);

  show(run: Run, place: number): void {
    const item = run.items[place];
    if (item === undefined) return;
    const { done = 0, of = 0 } = item.proofs ?? {};
    // Every proof is worth a step.
    const share = (item.steps.length + done) / (STEPS + of);
    const whole = Math.min(1, (place + share) / run.expected);
    this.bar.hidden = false;
    this.bar.value = whole;
    this.bar.setAttribute('aria-valuemin', '0');
    this.bar.setAttribute('aria-valuemax', '100');
    this.bar.setAttribute('aria-valuenow', String(Math.round(whole * 100)));
    const which = run.expected === 1 ? '' : `Receipt ${place + 1} of ${run.expected}. `;
    fill(this.text, `${which}${of > 0 ? `Proof ${done} of ${of} holds.` : `${item.steps.length} steps done.`}`);
  }

  hide(): void {
    this.bar.hidden = true;
    fill(this.text);
  }
}
