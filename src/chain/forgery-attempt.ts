import { concat, dataLength, Interface, toBeHex, type Provider } from 'ethers';
import { ClearproofError } from '../error/clearproof-error.js';
import type { PointG2 } from '../groth16/curve-points.js';
import { gammaWithRelation, WITHOUT_CONTRIBUTION, type DeltaRelation } from '../groth16/forgery.js';
import { attemptForgeries, type ForgeryAttempts, type ForgeryTarget } from '../groth16/key-gates.js';
import type { VerifierCode } from '../groth16/key-manifest-format.js';
import type { Groth16Proof } from '../groth16/proof.js';
import { verificationKeyHash, type VerificationKey } from '../groth16/verification-key.js';
import { codeHash, holdsKey } from '../groth16/verifier-code.js';
import { chainError } from './contract-call.js';
import { toSolidityProof } from './epoch-submission.js';
import { NoContractError } from './errors.js';

/** A verifier contract's code does not verify with the key that it is taken to verify with. */
export class VerifierCodeError extends ClearproofError {
  readonly code = 'VERIFIER_CODE';
}

/** What a verifier contract should be. */
export interface ExpectedVerifier {
  readonly key: VerificationKey;
  /** What the manifest says of its code; undefined where it says nothing. */
  readonly verifier?: VerifierCode;
}

/** Forgeries that deployed code is held against: those whose weakness can be put into it by writing another gamma. */
const RELATIONS: readonly DeltaRelation[] = [WITHOUT_CONTRIBUTION, { ofBeta: 0, ofGamma: -1 }];

/**
 * Tries to forge on a verifier where it stands, by eth_call: nothing is sent and nothing paid. Its code must hold every number of the key,
 * and be the manifest's to the byte where that names it: the key may stand there and something else decide.
 * The controls run the same code, but with a gamma under which the forgery must go through, in a contract that lives for one call.
 *
 * @param what the circuit, for messages
 * @throws NoContractError, VerifierCodeError, ForgeryTakenError, ForgeryControlError, KeyInputsError, ChainUnreachableError, ChainRequestError
 */
export async function attemptOnVerifier(provider: Provider, address: string, expected: ExpectedVerifier, what: string): Promise<ForgeryAttempts> {
  return attemptForgeries(await verifierTarget(provider, address, expected, what), expected.key, what, RELATIONS);
}

/** A deployed verifier as something to try proofs on. Throws NoContractError, VerifierCodeError. */
export async function verifierTarget(provider: Provider, address: string, { key, verifier }: ExpectedVerifier, what: string): Promise<ForgeryTarget> {
  const code = await asked(`reading the verifier of ${what}`, () => provider.getCode(address));
  if (code === '0x') throw new NoContractError(`there is no contract at ${address}, where the verifier of ${what} should be: check the deployment file`, { address });
  if (!holdsKey(code, key)) {
    throw new VerifierCodeError(`the verifier of ${what} at ${address} does not hold the key with hash ${verificationKeyHash(key)}: it verifies with another, whatever it says`, { address });
  }
  const actual = codeHash(code);
  if (verifier !== undefined && verifier.runtimeCodeHash !== actual) {
    throw new VerifierCodeError(
      `the verifier of ${what} at ${address} has code with hash ${actual}, the manifest says ${verifier.runtimeCodeHash}: it is another contract, or compiled by other tools than the manifest names`,
      { address, actual, expected: verifier.runtimeCodeHash },
    );
  }
  const calls = new Interface([`function verifyProof(uint256[2], uint256[2][2], uint256[2], uint256[${key.ic.length - 1}]) view returns (bool)`]);
  const encoded = (signals: readonly bigint[], proof: Groth16Proof): string => {
    const { a, b, c } = toSolidityProof(proof);
    return calls.encodeFunctionData('verifyProof', [a, b, c, signals]);
  };
  const answer = async (request: { readonly to?: string; readonly data: string }): Promise<boolean> => {
    const returned = await asked(`trying a proof on the verifier of ${what}`, () => provider.call(request));
    if (/^0x0{63}[01]$/.test(returned)) return returned.endsWith('1');
    throw new VerifierCodeError(`the verifier of ${what} at ${address} answers a proof with neither yes nor no: it is none of this project's`, { address });
  };
  return {
    name: `the verifier at ${address}`,
    takes: (signals, proof) => answer({ to: address, data: encoded(signals, proof) }),
    takesWeakened: async (relation, signals, proof) =>
      answer({ data: callOnce(withGamma(code, key.gamma, await gammaWithRelation(key, relation)), encoded(signals, proof)) }),
  };
}

/** PUSH1 is 0x60, PUSH32 0x7f. */
function pushOf(word: bigint): string {
  const bytes = toBeHex(word).slice(2);
  return (0x5f + bytes.length / 2).toString(16) + bytes;
}

/** The generator's coordinates take all 32 bytes, so any other number fits into their place. */
function withGamma(code: string, gamma: PointG2, wanted: PointG2): string {
  return gamma.flat().reduce((text, word, place) => text.replaceAll(pushOf(word), `7f${toBeHex(wanted.flat()[place] ?? 0n, 32).slice(2)}`), code);
}

/**
 * Code that makes a contract out of `runtime`, calls it with `input`, and returns 32 bytes of what it returned. As the code of a
 * contract that is never made, any node runs it: no overriding of state, which not every node can.
 */
function callOnce(runtime: string, input: string): string {
  const size = (bytes: string): string => toBeHex(dataLength(bytes), 3);
  // CODECOPY all that follows these 13 bytes, RETURN it.
  const creation = concat(['0x62', size(runtime), '0x80600d60003960', '0x00f3', runtime]);
  const driver = (length: number): string => concat([
    '0x62', size(creation), '0x62', toBeHex(length, 3), '0x600039', // creation code to memory
    '0x62', size(creation), '0x60006000f0', // CREATE
    '0x62', size(input), '0x62', toBeHex(length + dataLength(creation), 3), '0x600039', // input to memory
    '0x6020600062', size(input), '0x6000845afa', // STATICCALL with what gas is left
    '0x60206000f3', // a failed call leaves the input, which is neither 0 nor 1
  ]);
  return concat([driver(dataLength(driver(0))), creation, input]);
}

async function asked<Value>(action: string, ask: () => Promise<Value>): Promise<Value> {
  try {
    return await ask();
  } catch (cause) {
    throw chainError(cause, action);
  }
}
