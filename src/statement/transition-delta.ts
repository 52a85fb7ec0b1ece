import { tradeAmounts, tradeCommitment } from '../commitment/trade-commitment.js';
import type { Poseidon } from '../commitment/poseidon.js';
import { packWord, TransitionRangeError, unpackWord, type WordLayout } from './bit-word.js';
import type { CollateralAct, CollateralAmount, ExpiryAct, FundingAct, FundingRate, TransitionAct } from './transition.js';

/** A public word of what changes, taken apart. A trade's says nothing: it is a commitment. */
export type UnpackedDelta =
  | Pick<CollateralAct, 'kind' | 'in' | 'out'>
  | ExpiryAct
  | Pick<FundingAct, 'kind' | 'rates'>;

/** Most perpetuals that one funding settles. */
export const FUNDED_PERPETUALS = 3;

const ROW = { bits: 16 } as const;
const AMOUNT = { bits: 64 } as const;
const RATE = { bits: 64, offset: 1n << 63n } as const;

const COLLATERAL_LAYOUT: WordLayout<'inRow' | 'inAmount' | 'outRow' | 'outAmount'> = [['inRow', ROW], ['inAmount', AMOUNT], ['outRow', ROW], ['outAmount', AMOUNT]];
const TRADE_LAYOUT: WordLayout<'row' | 'payRow' | 'quantity' | 'payment'> = [['row', ROW], ['payRow', ROW], ['quantity', AMOUNT], ['payment', AMOUNT]];
const EXPIRY_LAYOUT: WordLayout<'row' | 'payRow' | 'deliverRow' | 'value' | 'unit' | 'deliver'> = [
  ['row', ROW], ['payRow', ROW], ['deliverRow', ROW], ['value', { bits: 49, offset: 1n << 48n }], ['unit', { bits: 48 }], ['deliver', { bits: 33, offset: 1n << 32n }],
];
const FUNDING_LAYOUT: WordLayout<'group0' | 'rate0' | 'group1' | 'rate1' | 'group2' | 'rate2'> = [
  ['group0', ROW], ['rate0', RATE], ['group1', ROW], ['rate1', RATE], ['group2', ROW], ['rate2', RATE],
];
const PARTIES_LAYOUT: WordLayout<'buyer' | 'seller' | 'expiry'> = [['buyer', AMOUNT], ['seller', AMOUNT], ['expiry', { bits: 40 }]];

/** The word that circuits read: the public delta, or of a trade the amounts below its commitment. @throws TransitionRangeError */
export function packTransitionDelta(act: TransitionAct): bigint {
  switch (act.kind) {
    case 'collateral':
      return packCollateral(act);
    case 'trade':
      return packTrade(act);
    case 'expiry':
      return packWord(EXPIRY_LAYOUT, { row: BigInt(act.row), payRow: BigInt(act.payRow), deliverRow: BigInt(act.deliverRow), value: act.value, unit: act.unit, deliver: act.deliver });
    case 'funding':
      return packFunding(act);
  }
}

/** Public signal `delta`: the word, of a trade its commitment. @throws TransitionRangeError */
export function transitionDelta(poseidon: Poseidon, base: bigint, marketCommitment: bigint, act: TransitionAct): bigint {
  const word = packTransitionDelta(act);
  return act.kind === 'trade' ? tradeCommitment(poseidon, base, marketCommitment, act.trade) : word;
}

/** What a public delta says. @throws TransitionRangeError for a number that is no such word */
export function unpackTransitionDelta(kind: UnpackedDelta['kind'], word: bigint): UnpackedDelta {
  if (kind === 'collateral') {
    const { inRow, inAmount, outRow, outAmount } = unpackWord(COLLATERAL_LAYOUT, word, 'a word of collateral');
    return { kind, ...some('in', inRow, inAmount), ...some('out', outRow, outAmount) };
  }
  if (kind === 'expiry') {
    const { row, payRow, deliverRow, value, unit, deliver } = unpackWord(EXPIRY_LAYOUT, word, 'a word of an expiry');
    return { kind, row: Number(row), payRow: Number(payRow), deliverRow: Number(deliverRow), value, unit, deliver };
  }
  const { group0, rate0, group1, rate1, group2, rate2 } = unpackWord(FUNDING_LAYOUT, word, 'a word of funding');
  const rates: FundingRate[] = [{ group: Number(group0), rate: rate0 }, { group: Number(group1), rate: rate1 }, { group: Number(group2), rate: rate2 }];
  return { kind, rates };
}

function packCollateral({ in: coming, out: leaving }: CollateralAct): bigint {
  const row = (amount: CollateralAmount | undefined): bigint => BigInt(amount?.row ?? 0);
  for (const [name, amount] of [['in', coming], ['out', leaving]] as const) {
    if (amount?.amount === 0n) throw new TransitionRangeError(`the amount of collateral ${name} is 0: leave it out`, { part: name });
  }
  return packWord(COLLATERAL_LAYOUT, { inRow: row(coming), inAmount: coming?.amount ?? 0n, outRow: row(leaving), outAmount: leaving?.amount ?? 0n });
}

function packTrade({ trade }: Extract<TransitionAct, { kind: 'trade' }>): bigint {
  const { row, payRow, quantity, payment, buyer, seller, expiry } = trade;
  if (quantity === 0n) throw new TransitionRangeError('the quantity of a trade is 0', { part: 'quantity' });
  packWord(PARTIES_LAYOUT, { buyer, seller, expiry: BigInt(expiry) });
  packWord(TRADE_LAYOUT, { row: BigInt(row), payRow: BigInt(payRow), quantity, payment });
  return tradeAmounts(trade);
}

function packFunding({ rates }: FundingAct): bigint {
  if (rates.length > FUNDED_PERPETUALS) throw new TransitionRangeError(`a funding settles ${FUNDED_PERPETUALS} perpetuals at most, not ${rates.length}`, { part: 'rates' });
  const at = (place: number): FundingRate => rates[place] ?? { group: 0, rate: 0n };
  const [first, second, third] = [at(0), at(1), at(2)];
  return packWord(FUNDING_LAYOUT, {
    group0: BigInt(first.group), rate0: first.rate, group1: BigInt(second.group), rate1: second.rate, group2: BigInt(third.group), rate2: third.rate,
  });
}

function some<Name extends 'in' | 'out'>(name: Name, row: bigint, amount: bigint): Partial<Record<Name, CollateralAmount>> {
  return amount === 0n ? {} : ({ [name]: { row: Number(row), amount } } as Record<Name, CollateralAmount>);
}
