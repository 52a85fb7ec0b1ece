/** What is counted in a run. Money in quanta of cash, 10^-6 dollars; times in seconds. */
export class Tally {
  challenges = 0;
  defended = 0;
  frozen = 0;
  liquidations = 0;
  slices = 0;
  /** Added by owners when margin got short. */
  deposits = 0n;
  /** Value at mark of what was sold, and that times the discount at which it was, ppm. */
  sold = 0n;
  discounted = 0n;
  /** What liquidated accounts got less than the market gave at that moment, penalty included; negative: more. */
  conceded = 0n;
  /** What bidders made against the market of that moment, penalty paid, subsidy had, and gas they paid. */
  earned = 0n;
  gas = 0n;
  /** Of each account that was, whole episodes. */
  readonly underWater: number[] = [];
  readonly inDebt: number[] = [];

  /** Begins, goes on with or ends an episode; since when it lasts now. */
  episode(ended: number[], lasts: boolean, since: number | undefined, step: number, stepSeconds: number): number | undefined {
    if (lasts) return since ?? step;
    if (since !== undefined) ended.push((step - since) * stepSeconds);
    return undefined;
  }
}
