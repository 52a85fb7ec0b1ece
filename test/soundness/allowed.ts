/** Something a gate would report, and why it is no fault. */
export interface Allowed {
  /** Matched against the signal's name, for free wires followed by the change. */
  readonly signal: RegExp;
  readonly proof: string;
}

/** Public signals that the proof binds and only the contract compares: their constraint is their square. */
export const ALLOWED_FREE: readonly Allowed[] = [
  { signal: /^main\.(domain|epoch|recipient) negated$/, proof: 'Groth16 binds public signals; x*x alone keeps the wire, and contracts pass their own domain, epoch and recipient' },
];

/** Divisions by a number that could be 0: unique unless beta equals an index. */
export const ALLOWED_DIVISIONS: readonly Allowed[] = [
  {
    signal: /^main\.account\[\d+\]\.fractions\.(net|gross)Fraction\[\d+\]$/,
    proof: 't (beta - k) = q has one solution unless beta = k; beta is drawn after every k, statement.md section 6: probability n/p',
  },
];

const THREE = '(main\\.row\\[\\d+\\]\\.kinds|main\\.rules\\.row\\[\\d+\\])\\.';
const PLACE = '(main\\.opening(\\[0\\])?|main\\.tree)\\.digits\\.bits\\.out';
const FIRST = 'main\\.rules\\.row\\[0\\]\\.';

/** Constraints that say what others say already, by template and text. */
export const ALLOWED_UNNEEDED: readonly Allowed[] = [
  {
    signal: /^SolvencyClose: \(one \+ main.rules.row\[0\].continues\) \* \(main.rules.row\[0\].continues\) = \(\)$/,
    proof: 'no row stands before the first of a whole close: continues * (kind - 7) = 0 with kind at most 6 makes it 0, so it is a bit without being told; a part needs the constraint',
  },
  {
    signal: /^SolvencyClose: \(main\.identities\.listed\[0\] \+ main\.rules\.row\[0\]\.tiered\) \* \(main\.rules\.row\[0\]\.continues\) = \(\)$/,
    proof: 'for the same reason: the first row of a whole close continues nothing, inside the tiered region or out of it; a part needs the constraint',
  },
  {
    signal: new RegExp(`^MarketTable: \\(${THREE}three\\) \\* \\(${THREE}bits\\.out\\[2\\]\\) = \\(\\)$`),
    proof: 'rows and rules of the book read the same class, each into bits of its own: one of the two refusals of kind 7 would do',
  },
  {
    signal: /^MarketTable: (\(one \+ main\.rules\.row\[\d+\]\.continues\) \* \(main\.rules\.unmatched\[\d+\]\) = \(\)|\(\) \* \(\) = \(main\.rules\.unmatched\[\d+\]\)|\(main\.rules\.row\[\d+\]\.matched\) \* \(main\.rules\.groupNet\[\d+\]\) = \(main\.rules\.unmatched\[\d+\]\))$/,
    proof: 'a market table has no book: the net of every row is 0, so that no group can leave anything unmatched, and what is said to be 0 is a product with 0',
  },
  {
    signal: /^MarketTable: \(one \+ main\.digest\.listed\[\d+\]\) \* \((main\.rules\.row\[\d+\]\.tiered|main\.rules\.after\[3\])\) = \(\)$/,
    proof: 'RowLinks ends the tiered region with a row that is capped or continues, and such a row is listed; rows before a listed one are listed too',
  },
  {
    signal: /^MarketTable: \(one \+ main\.rules\.row\[(\d+)\]\.tiered\) \* \((?!main\.rules\.row\[\1\])(main\.rules\.row\[\d+\]\.tiered|main\.rules\.after\[3\])\) = \(\)$/,
    proof: 'RowLinks ends the region, and lets it start again, only at a row that is capped or continues; the rules refuse such a row outside the region',
  },
  {
    signal: new RegExp(`^MarketTable: (\\(one \\+ ${FIRST}kind\\) \\* \\(${FIRST}continues\\)|\\(main\\.digest\\.listed\\[0\\] \\+ ${FIRST}tiered\\) \\* \\(${FIRST}continues\\)|\\(one \\+ ${FIRST}continues\\) \\* \\(${FIRST}continues\\)) = \\(\\)$`),
    proof: 'RowLinks says that the first row continues nothing, of bits of the same class; and without that, the rules say it once more, as in a close',
  },
  {
    signal: new RegExp(`^(AccountExit|AccountInclusion|RowMark): (\\(one \\+ ${PLACE}\\[\\d+\\]\\) \\* \\(${PLACE}\\[\\d+\\]\\) = \\(\\)|\\(\\) \\* \\(\\) = \\([^*]*${PLACE}[^*]*\\))$`),
    proof: 'digits of a place: with one of their bits no bit, or another sum, a node\'s children would have to combine to the node below, which the hashes of a tree do by accident only; test/circuits/arithmetic/hex-digits.test.ts shows what each is for',
  },
];
