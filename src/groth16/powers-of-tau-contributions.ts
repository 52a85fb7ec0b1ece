import { viewOf } from './binary-file.js';
import { ELEMENT_BYTES } from './r1cs.js';

/** A contribution as a phase-1 file lists it. */
export interface PowersContribution {
  readonly kind: 'contribution' | 'beacon';
  /** Printable ASCII, other characters as "?"; the contributor's claim. */
  readonly name: string | undefined;
  /** The first points after this contribution, as section ids name them: tau, alpha, beta in G1 and tau, beta in G2. Affine, Montgomery form. */
  readonly points: { readonly tauG1: Uint8Array; readonly tauG2: Uint8Array; readonly alphaG1: Uint8Array; readonly betaG1: Uint8Array; readonly betaG2: Uint8Array };
}

const G1_BYTES = 2 * ELEMENT_BYTES;
const G2_BYTES = 4 * ELEMENT_BYTES;
/** Public key (six points of G1, three of G2), state of the hash over the response, and the next challenge. */
const SKIPPED_BYTES = 6 * G1_BYTES + 3 * G2_BYTES + 216 + 64;
const FIXED_BYTES = 3 * G1_BYTES + 2 * G2_BYTES + SKIPPED_BYTES + 8;
const CONTRIBUTION = 0;
const BEACON = 1;
/** Tags of parameters, in rising order: name and beacon value with a length before them, iterations in one byte. */
const NAME_TAG = 1;
const ITERATIONS_TAG = 2;
const VALUE_TAG = 3;

/**
 * Reads section 7 of a .ptau file, down to its last byte. Source of the layout: snarkjs, powersoftau_utils.
 *
 * @param wrong makes the error for a problem, which starts with a verb
 */
export function readPowersContributions(section: Uint8Array, wrong: (problem: string) => Error): readonly PowersContribution[] {
  const view = viewOf(section);
  if (section.length < 4) throw wrong('has no list of contributions');
  const count = view.getUint32(0, true);
  const contributions: PowersContribution[] = [];
  let position = 4;
  const take = (length: number): Uint8Array => section.slice(position, (position += length));
  for (let number = 1; number <= count; number++) {
    if (position + FIXED_BYTES > section.length) throw wrong(`ends in contribution ${number} of ${count}`);
    const points = { tauG1: take(G1_BYTES), tauG2: take(G2_BYTES), alphaG1: take(G1_BYTES), betaG1: take(G1_BYTES), betaG2: take(G2_BYTES) };
    position += SKIPPED_BYTES;
    const [type, length] = [view.getUint32(position, true), view.getUint32(position + 4, true)];
    position += 8;
    if (type !== CONTRIBUTION && type !== BEACON) throw wrong(`has a contribution ${number} of unknown type ${type}`);
    if (position + length > section.length) throw wrong(`ends in contribution ${number} of ${count}`);
    const parameters = readParameters(take(length));
    if (parameters === undefined || (type === BEACON) !== parameters.has(VALUE_TAG)) throw wrong(`has a contribution ${number} whose parameters are malformed`);
    contributions.push({ kind: type === BEACON ? 'beacon' : 'contribution', name: nameOf(parameters.get(NAME_TAG)), points });
  }
  if (position !== section.length) throw wrong('has bytes after its last contribution');
  return contributions;
}

function readParameters(bytes: Uint8Array): ReadonlyMap<number, Uint8Array> | undefined {
  const found = new Map<number, Uint8Array>();
  let last = 0;
  for (let position = 0; position < bytes.length;) {
    const tag = bytes[position] as number;
    if (tag <= last || tag > VALUE_TAG || position + 1 >= bytes.length) return undefined;
    last = tag;
    const length = tag === ITERATIONS_TAG ? 1 : bytes[position + 1] as number;
    position += tag === ITERATIONS_TAG ? 1 : 2;
    if (position + length > bytes.length) return undefined;
    found.set(tag, bytes.slice(position, position + length));
    position += length;
  }
  return found;
}

/** Names come from strangers and go to terminals. */
function nameOf(bytes: Uint8Array | undefined): string | undefined {
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes).replace(/[^\x20-\x7e]/g, '?');
}
