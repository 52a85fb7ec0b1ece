import { circuitIdOf } from '../commitment/digest.js';
import { failed, passed, type Finding } from './report.js';

/** keccak256 of the runtime code that a verifier of each circuit should have, by name: from a manifest. Hex with 0x. */
export type TrustedVerifierCodes = Readonly<Record<string, string>>;

/** The verifiers that a registry has now, by circuit id: keccak256 of their code, hex with 0x. */
export type VerifierCodes = ReadonlyMap<bigint, string>;

/**
 * Each verifier of the record's circuits has the code that the reader trusts. A contract can name a good key and verify with another, or
 * with none: code decides. Circuits that the reader's list has no code for are told, and not counted.
 */
export function checkVerifierCodes(found: VerifierCodes, trusted: TrustedVerifierCodes): Finding {
  const named = new Map(Object.entries(trusted).map(([circuit, code]) => [circuitIdOf(circuit), { circuit, code }]));
  let compared = 0;
  for (const [circuitId, code] of found) {
    const known = named.get(circuitId);
    if (known === undefined) continue;
    if (known.code !== code) {
      return failed(`the verifier of ${known.circuit} on the chain has code with hash ${code}, the trusted one has ${known.code}: it is another contract, whatever key it names`, 'VERIFIER_CODE');
    }
    compared += 1;
  }
  return passed(`the code of ${compared} of ${found.size} verifiers is the trusted one`);
}
