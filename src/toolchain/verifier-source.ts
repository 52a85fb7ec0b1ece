import { ClearproofError } from '../error/clearproof-error.js';

/** snarkjs' template is not the one this project knows how to finish. */
export class VerifierTemplateError extends ClearproofError {
  readonly code = 'VERIFIER_TEMPLATE';
}

/** What a generated verifier says of its key. */
export interface VerifierIdentity {
  readonly contractName: string;
  readonly developmentKey: boolean;
}

const PRAGMA = 'pragma solidity >=0.7.0 <0.9.0;';
const CONTRACT = 'contract Groth16Verifier {';
const LICENCE = '// SPDX-License-Identifier: GPL-3.0\n';
const BEFORE_PAIRING = '            // Validate all evaluations\n';
const END = /\}\s*$/;

/** -A is computed modulo q, so four further values of A's second coordinate would stand for the same point. */
const CANONICAL_A = `            // Only one encoding of A: the negation below reduces modulo q.
            if iszero(lt(calldataload(add(_pA, 32)), q)) {
                mstore(0, 0)
                return(0, 0x20)
            }

`;

/** The template's constants in the order in which a key is hashed; it keeps the u part of a G2 coordinate under 1, the constant part under 2. */
const POINTS = ['alphax', 'alphay', ...['beta', 'gamma', 'delta'].flatMap((name) => [`${name}x2`, `${name}x1`, `${name}y2`, `${name}y1`])];

/** Names of the constants that hold a verifier's key, in the order of verificationKeyHash in src/groth16. */
export function keyConstants(source: string): readonly string[] {
  const points = [...source.matchAll(/uint256 constant IC(\d+)x\b/g)].length;
  if (points < 2) throw new VerifierTemplateError('the verifier template has no constants IC0x, IC1x, …: compare it with the pinned version');
  return [...POINTS, ...Array.from({ length: points }, (_, place) => [`IC${place}x`, `IC${place}y`]).flat()];
}

/** Values of these constants: the key a verifier verifies with. */
export function keyWords(source: string): readonly bigint[] {
  return keyConstants(source).map((name) => {
    const value = new RegExp(`uint256 constant ${name}\\s*= (\\d+)\\s*;`).exec(source)?.[1];
    if (value === undefined) throw new VerifierTemplateError(`the verifier template has no constant ${name}: compare it with the pinned version`);
    return BigInt(value);
  });
}

/**
 * Finishes the verifier that snarkjs' template gives: contract name, exact compiler, one encoding per proof, the key's
 * hash, whether it is a development key, and a constructor that refuses a key without any phase-2 contribution.
 *
 * @throws VerifierTemplateError when the template changed
 */
export function finishVerifierSource(source: string, identity: VerifierIdentity): string {
  const named = [
    [LICENCE, '// SPDX-License-Identifier: GPL-3.0-or-later\n'],
    [PRAGMA, 'pragma solidity 0.8.37;'],
    [CONTRACT, `contract ${identity.contractName} {`],
    [BEFORE_PAIRING, CANONICAL_A + BEFORE_PAIRING],
  ].reduce((text, [marker = '', replacement = '']) => replaceOnce(text, marker, replacement), source);
  if (!END.test(named)) throw new VerifierTemplateError('the verifier template does not end with its contract');
  return named.replace(END, `${identityMembers(identity, keyConstants(source))}}\n`);
}

function identityMembers({ developmentKey }: VerifierIdentity, constants: readonly string[]): string {
  const warning = developmentKey ? '    /// @notice INSECURE development key: whoever made it can forge proofs. Test chains only.\n' : '';
  return `
    /// @dev A key nobody contributed to has delta = gamma, and anyone forges with it.
    error KeyWithoutContribution();

    constructor() {
        if (deltax1 == gammax1 && deltax2 == gammax2) revert KeyWithoutContribution();
    }

    /// @notice keccak256 over the coordinates of the key this contract verifies with.
    function verificationKeyHash() external pure returns (bytes32) {
        uint256[${constants.length}] memory words = [
            ${constants.join(',\n            ')}
        ];
        return keccak256(abi.encode(words));
    }

${warning}    function isDevelopmentKey() external pure returns (bool) {
        return ${String(developmentKey)};
    }
`;
}

function replaceOnce(text: string, marker: string, replacement: string): string {
  const parts = text.split(marker);
  if (parts.length !== 2) {
    throw new VerifierTemplateError(
      `snarkjs' verifier template has ${JSON.stringify(marker.trim())} ${parts.length - 1} times, expected once: compare it with the pinned version`,
    );
  }
  return parts.join(replacement);
}
