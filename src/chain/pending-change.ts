/** Kinds of change that a board's timelock holds, in the order of IVenueTimelock's codes. */
const CHANGE_KINDS = ['rules', 'feeds', 'instruments', 'parameters'] as const;

export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** Seconds after `readyAt` in which a change must be activated; ACTIVATION_WINDOW of VenueTimelock.sol. */
const ACTIVATION_WINDOW = 14 * 86_400;

/** What waits in a board's timelock. */
export interface PendingChange {
  /** Hash of what was proposed: board-digests.ts. */
  readonly digest: string;
  /** First second at which it can be activated, Unix seconds. */
  readonly readyAt: number;
}

export function changeCode(kind: ChangeKind): number {
  return CHANGE_KINDS.indexOf(kind);
}

/** Undefined when nothing is pending. */
export function pendingChangeOf([digest, readyAt]: readonly [string, bigint]): PendingChange | undefined {
  return readyAt === 0n ? undefined : { digest, readyAt: Number(readyAt) };
}

/** Whether nobody can activate it any more. */
export function isExpired({ readyAt }: PendingChange, now: number): boolean {
  return now >= readyAt + ACTIVATION_WINDOW;
}
