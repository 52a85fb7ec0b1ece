import type { Finding } from './source-rules.js';

/** A finding that stays, and why it is no fault. */
interface Explained {
  readonly rule: string;
  readonly where: string;
  readonly what: RegExp;
  readonly because: string;
}

const NUMBER_ONLY = 'a range check wants the bits to exist, not to use them; Num2Bits itself constrains each one';

const AN_INVERSE = 'the inverse only has to exist: it shows that a number is not 0';

const EXPLAINED: readonly Explained[] = [
  { rule: 'bits outside arithmetic/', where: 'market/row-class.circom', what: /Num2Bits\(3 \+ 2 \* TIERS\)/, because: 'a class is read bit by bit; 5 bits are far below p' },
  { rule: 'bits outside arithmetic/', where: 'tree/subtree-insertion.circom', what: /Num2Bits\(SLOT_BITS\)/, because: 'a place in the tree is read bit by bit; at most 32 bits are far below p' },
  { rule: 'output without a use', where: 'solvency/solvency-close.circom', what: /^challenges\.alpha in SolvencyClose$/, because: 'alpha weighs accounts, which only batches have; the challenge hash that both carry binds it' },
  { rule: 'output without a use', where: 'solvency/solvency-close-end.circom', what: /^challenges\.alpha in SolvencyCloseEnd$/, because: 'alpha weighs accounts, which only batches have; the challenge hash that both carry binds it' },
  { rule: 'output without a use', where: 'solvency/solvency-close.circom', what: /^settlement\.powerAfter in SolvencyClose$/, because: 'only a further part would go on from the last power' },
  { rule: 'output without a use', where: 'market/market-table.circom', what: /^rules\.settlement in MarketTable$/, because: 'settlement values are the close\'s; a market table counts the rows that open an asset' },
  { rule: 'output without a use', where: 'market/row-links.circom', what: /^notZero\.out in RowLinks$/, because: AN_INVERSE },
  { rule: 'output without a use', where: 'arithmetic/non-zero.circom', what: /^inverse\.out in NonZero$/, because: AN_INVERSE },
  { rule: 'output without a use', where: 'account/account-terms.circom', what: /^notZero\.out in AccountTerms$/, because: AN_INVERSE },
  { rule: 'output without a use', where: 'account/account-verdict.circom', what: /^claim\.offset in AccountVerdict$/, because: 'only batches hash an excess; a verdict wants its sign' },
  { rule: 'output without a use', where: 'account/account-exit.circom', what: /^sign\.offset in AccountExit$/, because: 'only batches hash an excess; an exit wants the sign of its equity' },
  { rule: 'output without a use', where: 'account/account-exit.circom', what: /^slots\.magnitude in AccountExit$/, because: 'neither charges nor caps matter to an exit' },
  { rule: 'output without a use', where: 'account/account-inclusion.circom', what: /^slots\.magnitude in AccountInclusion$/, because: 'debts are taken off, so nothing asks how large they are' },
  { rule: 'output without a use', where: 'account/account-inclusion.circom', what: /^(fromFirst|upToLast)\.offset in AccountInclusion$/, because: 'only batches hash an offset; a comparison wants the sign' },
  { rule: 'output without a use', where: 'account/named-slot.circom', what: /^posted\.out in NamedSlot$/, because: AN_INVERSE },
  { rule: 'output without a use', where: 'account/account-transition.circom', what: /^later\.out in AccountTransition$/, because: AN_INVERSE },
  { rule: 'output without a use', where: 'account/transition-rules.circom', what: /^(differs|something)\.out in TransitionRules$/, because: AN_INVERSE },
  { rule: 'output without a use', where: 'account/transition-rules.circom', what: /^payer\.(kind|listed|matched|continues|tiered) in TransitionRules$/, because: 'of the row that pays only whether it is cash or spot matters: nothing else can be lent' },
  { rule: 'output without a use', where: 'market/table-row.circom', what: /^implied\.out in TableRow$/, because: AN_INVERSE },
  { rule: 'output without a use', where: 'market/table-row.circom', what: /^kinds\.settlement in TableRow$/, because: 'the rules of the book read the same class and count settlement assets' },
  { rule: 'CA01', where: 'TableDigest', what: /local signals listed /, because: 'rows are listed from the first on, so the first of a page speaks for the page' },
  { rule: 'CA01', where: 'EpochSeal', what: /local signals rules /, because: 'the seal wants counts and what is left unmatched; the rest tells a further part where it goes on' },
  { rule: 'CA01', where: 'TableRules', what: /local signals before /, because: 'without tiers no row continues the one before, so its kind and the open group decide nothing; the seal or the next part binds them' },
  { rule: 'CA02', where: 'TableRules', what: /signal row\[\]\.kind /, because: 'without tiers no row continues the one before, so kinds are not compared' },
  { rule: 'CA01', where: 'TableIdentities', what: /local signals listed /, because: 'only caps ask what is listed, and without tiers there are none' },
  { rule: 'CA01', where: 'FractionsBeyond', what: /^Local signal (rows|beta) /, because: 'without tiers no slot stands beyond the last row, so nothing is summed' },
  { rule: 'CA02', where: 'NonZero', what: /inverse\.out/, because: AN_INVERSE },
  { rule: 'CA02', where: 'AccountTerms', what: /notZero\.out/, because: AN_INVERSE },
  { rule: 'CA02', where: 'AccountVerdict', what: /claim\[\]\.offset/, because: 'as for "output without a use"' },
  { rule: 'CA02', where: 'AccountExit', what: /(slots\.magnitude|sign\.offset)/, because: 'as for "output without a use"' },
  { rule: 'CA02', where: 'AccountInclusion', what: /(slots\.magnitude|(fromFirst|upToLast)\[\]\.offset)/, because: 'as for "output without a use"' },
  { rule: 'CA01', where: 'TransitionRules', what: /^Local signal shortCharge\[\] /, because: 'the band is as wide as the short charge of what is traded; that of the pay row widens nothing' },
  { rule: 'CA02', where: 'NamedSlot', what: /posted\.out/, because: AN_INVERSE },
  { rule: 'CA02', where: 'TransitionRules', what: /(differs|something)\.out/, because: AN_INVERSE },
  { rule: 'CA02', where: 'TransitionRules', what: /payer\.(kind|listed|matched|continues|tiered)/, because: 'as for "output without a use"' },
  { rule: 'CA02', where: 'AccountTransition', what: /later\.out/, because: AN_INVERSE },
  { rule: 'CA02', where: 'AccountTransition', what: /target\[\]\.named/, because: 'no rule asks whether something is delivered: a posting other than 0 names its row' },
  { rule: 'CA01', where: 'GreedySplit', what: /local signal (index|cap)\[\] /i, because: 'nothing stands behind the last slot that would ask whether it is full' },
  { rule: 'CA02', where: 'TableRow', what: /(kinds\.settlement|implied\.out) /, because: 'as for "output without a use"' },
  { rule: 'CA02', where: 'RowLinks', what: /notZero\[\]\.out /, because: 'as for "output without a use"' },
  { rule: 'CA02', where: 'MarketTable', what: /rules\.settlement /, because: 'as for "output without a use"' },
  { rule: 'CA02', where: 'MarketTable', what: /signal row\[\]\.(option|shared|long|short|continues|tiered|listed) /, because: 'rows are compared where there are tiers; without them no row continues another' },
  { rule: 'CA02', where: 'MarketTable', what: /signal row\[\]\.groupsAfter /, because: 'the last row has no row after it that would go on counting' },
  { rule: 'CA02', where: 'MarketTable', what: /signals (rules\.after|start\.digests) /, because: 'a table without a book counts rows and digests them; the rest is for closes' },
  { rule: 'CA02', where: 'BelowConstant', what: /bits\.out/, because: 'nothing is larger than the ones at the end of the bound, so nothing is read against them' },
  { rule: 'CA02', where: 'RangeCheck', what: /bits\.out/, because: NUMBER_ONLY },
  { rule: 'CA02', where: 'SignedQuantity', what: /bits\.out/, because: NUMBER_ONLY },
  { rule: 'CA02', where: 'SignedExcess', what: /bits\.out/, because: NUMBER_ONLY },
  { rule: 'CA02', where: 'BelowConstant', what: /bits\.out/, because: 'bits below the ones that the bound ends with are as large as any: only that they are bits counts' },
  { rule: 'CA02', where: 'RowLinks', what: /notZero\[\]\.out/, because: AN_INVERSE },
  { rule: 'CA02', where: 'TableRow', what: /implied\.out/, because: AN_INVERSE },
  { rule: 'CA02', where: 'TableRow', what: /kinds\.settlement/, because: 'as for "output without a use"' },
  { rule: 'CA02', where: 'MarketTable', what: /rules\.settlement/, because: 'as for "output without a use"' },
  { rule: 'CA02', where: 'MarketTable', what: /signal row\[\]\.(listed|continues|tiered|option|shared|long|short) /, because: 'RowLinks compares rows, and without tiers there are no links' },
  { rule: 'CA02', where: 'MarketTable', what: /signal row\[\]\.groupsAfter /, because: 'after the last row nobody counts on' },
  { rule: 'CA02', where: 'MarketTable', what: /rules\.after/, because: 'counts of rows are committed; what is left of the book is 0, for there is none' },
  { rule: 'CA02', where: 'MarketTable', what: /start\.digests/, because: 'the digest of the table is made here, those of the books in the close' },
  { rule: 'CA02', where: 'SolvencyClose', what: /challenges\.alpha/, because: 'as for "output without a use"' },
  { rule: 'CA02', where: 'SolvencyCloseEnd', what: /challenges\.alpha/, because: 'as for "output without a use"' },
  { rule: 'CA02', where: 'SolvencyClose', what: /settlement\.powerAfter/, because: 'as for "output without a use"' },
];

function explains(entry: Explained, { rule, where, what }: Finding): boolean {
  return entry.rule === rule && entry.where === where && entry.what.test(what);
}

/** Findings that no entry explains. */
export function unexplained(findings: readonly Finding[]): Finding[] {
  return findings.filter((finding) => !EXPLAINED.some((entry) => explains(entry, finding)));
}

/** Entries that explain nothing any more. */
export function idleExplanations(findings: readonly Finding[]): string[] {
  return EXPLAINED.filter((entry) => !findings.some((finding) => explains(entry, finding))).map(({ rule, where, what }) => `${rule} ${where} ${what.source}`);
}
