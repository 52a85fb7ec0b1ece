/** Something a gate would report, and why it is no fault. */
export interface Allowed {
  /** Matched against the signal's name, for free wires followed by the change. */
  readonly signal: RegExp;
  readonly proof: string;
}

/** Public signals that the proof binds and only the contract compares: their constraint is their square. */
export const ALLOWED_FREE: readonly Allowed[] = [
  { signal: /^main\.(domain|epoch) negated$/, proof: 'Groth16 binds public signals; x*x alone keeps the wire, and the registry passes its own domain and epoch' },
];

/** Divisions by a number that could be 0: unique unless beta equals an index. */
export const ALLOWED_DIVISIONS: readonly Allowed[] = [
  {
    signal: /^main\.account\[\d+\]\.fractions\.(net|gross)Fraction\[\d+\]$/,
    proof: 't (beta - k) = q has one solution unless beta = k; beta is drawn after every k, statement.md section 5: probability n/p',
  },
];

/** Constraints that say what others say already, by template and text. */
export const ALLOWED_UNNEEDED: readonly Allowed[] = [
  {
    signal: /^SolvencyClose: \(one \+ main\.rules\.row\[0\]\.continues\) \* \(main\.rules\.row\[0\]\.continues\) = \(\)$/,
    proof: 'no row stands before the first of a whole close: continues * (kind - 7) = 0 with kind at most 6 makes it 0, so it is a bit without being told; a part needs the constraint',
  },
];
