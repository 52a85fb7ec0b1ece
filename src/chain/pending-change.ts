/** Kinds of change that a timelock holds, in the order of IVenueTimelock's codes: of the boards, the vault, the clearing house, its liquidations. */
const BOARD_CHANGES = ['rules', 'feeds', 'instruments', 'parameters'] as const;
const VAULT_CHANGES = ['vault-rules', 'vault-limits', 'clearing-house', 'fund-withdrawal'] as const;
const CLEARING_CHANGES = ['clearing-rules', 'liquidations', 'expiry-terms', 'perpetuals'] as const;
const LIQUIDATION_CHANGES = ['liquidation-rules', 'fund-rules', 'default-fund-withdrawal'] as const;
const CHANGE_KINDS = [...BOARD_CHANGES, ...VAULT_CHANGES, ...CLEARING_CHANGES, ...LIQUIDATION_CHANGES] as const;

export type ChangeKind = (typeof BOARD_CHANGES)[number];
export type VaultChangeKind = (typeof VAULT_CHANGES)[number];
export type ClearingChangeKind = (typeof CLEARING_CHANGES)[number];
export type LiquidationChangeKind = (typeof LIQUIDATION_CHANGES)[number];

/** Seconds after `readyAt` in which a change must be activated; ACTIVATION_WINDOW of VenueTimelock.sol. */
const ACTIVATION_WINDOW = 14 * 86_400;

/** What waits in a timelock. */
export interface PendingChange {
  /** Hash of what was proposed: board-digests.ts. */
  readonly digest: string;
  /** First second at which it can be activated, Unix seconds. */
  readonly readyAt: number;
}

export function changeCode(kind: ChangeKind | VaultChangeKind | ClearingChangeKind | LiquidationChangeKind): number {
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
