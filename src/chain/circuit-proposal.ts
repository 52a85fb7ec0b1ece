/** Seconds after `readyAt` in which a proposed circuit must be added; ADDITION_WINDOW of CircuitRotation.sol. */
const ADDITION_WINDOW = 14 * 86_400;

/** Whether nobody can add it any more. @param readyAt first second at which it could be added, `now` the chain's clock; Unix seconds */
export function isProposalExpired(readyAt: number, now: number): boolean {
  return now >= readyAt + ADDITION_WINDOW;
}
