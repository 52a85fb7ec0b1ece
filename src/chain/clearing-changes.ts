import { abiDigest } from './abi-digest.js';
import type { BoardChange } from './board-changes.js';
import { CLEARING_RULES, EXPIRY_TERMS, PERPETUAL_TERMS } from './clearing-terms-abi.js';
import type { ClearingRules, ClearingTermsClient, ExpiryTerms, PerpetualTerms } from './clearing-terms-client.js';

/** What a venue's parameter admin wants its clearing house to go by. */
export interface WantedTerms {
  readonly rules: ClearingRules;
  /** Undefined: as it is. */
  readonly liquidations: string | undefined;
  readonly expiries: readonly ExpiryTerms[];
  readonly perpetuals: readonly PerpetualTerms[];
  /** Cash row that all perpetuals are paid in; undefined where there are none. */
  readonly fundingRow: number | undefined;
}

/** What can be listed differs for good from what is listed. */
type NextOf = (terms: ClearingTermsClient, wanted: WantedTerms) => Promise<BoardChange | undefined>;

/** What comes next: at most one change of each kind, for a timelock holds one. Rules come first; without any the others cannot be proposed. */
export async function termsToChange(terms: ClearingTermsClient, wanted: WantedTerms): Promise<readonly BoardChange[]> {
  const rules = await rulesToChange(terms, wanted);
  if (rules !== undefined && await terms.rules() === undefined) return [rules];
  const kinds: readonly NextOf[] = [liquidationsToChange, expiryToChange, perpetualToChange];
  const others = await Promise.all(kinds.map((next) => next(terms, wanted)));
  return [rules, ...others].flatMap((change) => (change === undefined ? [] : [change]));
}

async function rulesToChange(terms: ClearingTermsClient, { rules: wanted }: WantedTerms): Promise<BoardChange | undefined> {
  const active = await terms.rules();
  const digest = abiDigest([CLEARING_RULES], [wanted]);
  if (active !== undefined && abiDigest([CLEARING_RULES], [active]) === digest) return undefined;
  return {
    what: 'clearing rules', digest, pending: () => terms.pending('clearing-rules'),
    propose: () => terms.proposeRules(wanted), activate: () => terms.activateRules(wanted),
  };
}

async function liquidationsToChange(terms: ClearingTermsClient, { liquidations: wanted }: WantedTerms): Promise<BoardChange | undefined> {
  if (wanted === undefined || await terms.liquidations() === wanted) return undefined;
  return {
    what: 'liquidation contract', digest: abiDigest(['address'], [wanted]), pending: () => terms.pending('liquidations'),
    propose: () => terms.proposeLiquidations(wanted), activate: () => terms.activateLiquidations(wanted),
  };
}

async function expiryToChange(terms: ClearingTermsClient, { expiries }: WantedTerms): Promise<BoardChange | undefined> {
  for (const wanted of expiries) {
    if (await terms.expiry(wanted.row) !== undefined) continue;
    return {
      what: `expiry of row ${wanted.row}`, digest: abiDigest([EXPIRY_TERMS], [wanted]), pending: () => terms.pending('expiry-terms'),
      propose: () => terms.proposeExpiry(wanted), activate: () => terms.activateExpiry(wanted),
    };
  }
  return undefined;
}

async function perpetualToChange(terms: ClearingTermsClient, { perpetuals, fundingRow }: WantedTerms): Promise<BoardChange | undefined> {
  const listed = new Set((await terms.perpetuals()).terms.map(({ row }) => row));
  const wanted = perpetuals.find(({ row }) => !listed.has(row));
  if (wanted === undefined || fundingRow === undefined) return undefined;
  return {
    what: `perpetual of row ${wanted.row}`, digest: abiDigest([PERPETUAL_TERMS, 'uint16'], [wanted, fundingRow]), pending: () => terms.pending('perpetuals'),
    propose: () => terms.proposePerpetual(wanted, fundingRow), activate: () => terms.activatePerpetual(wanted, fundingRow),
  };
}
