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
