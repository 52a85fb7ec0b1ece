/** What the registry says of one accepted epoch: all a verifier takes from a chain. Read by `chain`, or from a saved file. */
export interface OnChainRecord {
  readonly chainId: bigint;
  /** Checksummed address of the registry. */
  readonly registry: string;
  readonly venueId: bigint;
  readonly epoch: number;
  /** H(tag, chain id, registry, venue id, version) as the registry computes it. */
  readonly base: bigint;
  readonly marketCommitment: bigint;
  readonly genesisAccumulator: bigint;
  readonly finalAccumulator: bigint;
  readonly accountsRoot: bigint;
  readonly accountsBound: bigint;
  readonly unhealthyBound: bigint;
  /** Value units. */
  readonly shortfall: bigint;
  /** Deposits and loans in quanta: A_0, L_0, A_1, L_1, … */
  readonly words: readonly bigint[];
  /** Unix seconds at which the snapshot was opened on chain, and at which the epoch was accepted. */
  readonly snapshotTime: number;
  readonly acceptedAt: number;
  /** Unix seconds as of which the venue's market source accepted the table, and the venue's value scale; the table's own must be these. */
  readonly marketTime: number;
  readonly valueScale: number;
  /** Whether reserves covered deposits minus loans, and the fund the shortfall. */
  readonly covered: boolean;
  /** Circuit id and verification key hash of each batch in chain order, of each part of the close, and of what closes. */
  readonly batchCircuits: readonly CircuitKey[];
  /** Empty when one proof closes over all rows. */
  readonly partCircuits: readonly CircuitKey[];
  readonly closeCircuit: CircuitKey;
}

export interface CircuitKey {
  readonly circuitId: bigint;
  /** keccak256 over the key's coordinates; see groth16/verification-key.ts. Hex with 0x. */
  readonly verificationKeyHash: string;
  /** True for keys of the one-party development set-up: anyone can forge with them. */
  readonly insecure: boolean;
}
