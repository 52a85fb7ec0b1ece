import { hashList } from './hash-list.js';
import type { Poseidon } from './poseidon.js';
import { tagOf } from './tags.js';

/**
 * H(tag, domain, market commitment): first public signal of `account-transition`, which a contract computes once a circuit and table.
 *
 * @param domain of the circuit, see domainOf
 */
export function transitionFrame(poseidon: Poseidon, domain: bigint, marketCommitment: bigint): bigint {
  return hashList(poseidon, tagOf('transitionFrame'), [domain, marketCommitment]);
}
