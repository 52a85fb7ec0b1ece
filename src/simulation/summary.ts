import { html, raw, type Html } from '../risk/backtest/html.js';
import { percent } from '../risk/backtest/words.js';
import type { PooledFigures } from './figures.js';
import type { Study } from './study.js';
import { times } from './words.js';

/** A set against the first one, crash by crash. */
export interface Comparison {
  readonly title: string;
  /** Crashes with less, the same and more bad debt of open interest than under the first set. */
  readonly better: readonly string[];
  readonly same: readonly string[];
  readonly worse: readonly string[];
  /** Averages over crashes, ppm of open interest: this set's bad debt, and the first one's. */
  readonly badDebt: bigint;
  readonly reference: bigint;
}

/** Every set but the first against the first. */
export function comparisons({ policies, crashes, pooled }: Study): Comparison[] {
  const [first] = policies;
  const find = (crash: string, policy: string): PooledFigures | undefined => pooled.find((one) => one.crash === crash && one.policy === policy);
  const average = (policy: string): bigint => crashes.reduce((sum, crash) => sum + (find(crash, policy)?.badDebt ?? 0n), 0n) / BigInt(Math.max(1, crashes.length));
  return policies.slice(1).map(({ name, title }) => {
    const differs = (sign: number): string[] => crashes.filter((crash) => {
      const [mine, its] = [find(crash, name)?.badDebt ?? 0n, find(crash, first?.name ?? '')?.badDebt ?? 0n];
      return (mine < its ? -1 : Number(mine > its)) === sign;
    });
    return { title, better: differs(-1), same: differs(0), worse: differs(1), badDebt: average(name), reference: average(first?.name ?? '') };
  });
}

/** The few sentences that a reader in a hurry reads. */
export function summary(study: Study): Html {
  const [first] = study.policies;
  const leverage = (policy: string): bigint => {
    const found = study.pooled.filter((one) => one.policy === policy);
    return found.reduce((sum, one) => sum + one.leverage, 0n) / BigInt(Math.max(1, found.length));
  };
  const lines = comparisons(study).map(({ title, better, same, worse, badDebt, reference }) => html`<li><b>${title}</b> against ${first?.title ?? ''}: bad debt ${percent(badDebt)} of open interest on average, ${percent(reference)} there.
Less on ${better.length} of ${study.crashes.length}${same.length === 0 ? '' : `, the same on ${same.length}`}, <span class="${worse.length === 0 ? 'good' : 'bad'}">more on ${worse.length}${worse.length === 0 ? '' : `: ${worse.join(', ')}`}</span>.</li>`);
  const leverages = study.policies.map(({ name, title }) => `${title} ${times(leverage(name))}`).join(', ');
  return html`<ul>${lines}<li>Leverage that traders had at the open, on average: ${leverages}.</li></ul>${study.crashes.length < 4 ? html`<p class="sub">So few crashes decide nothing between sets.</p>` : raw('')}`;
}
