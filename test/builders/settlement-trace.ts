import type { TracedValue, TransactionTrace } from '../../src/chain/transaction-trace.js';

const [TRADER, HOUSE, STRANGER] = ['7', '8', '9'].map((digit) => `0x${digit.repeat(40)}`) as [string, string, string];

/** A settlement as the chain shows it, made up. */
export function settlementTrace({ commitment = '5'.repeat(76) }: { readonly commitment?: string } = {}): TransactionTrace {
  const one = (name: string, type: string, value: string): TracedValue => ({ name, type, value });
  const side = (name: string): TracedValue => ({
    name, type: 'tuple', value: [
      one('circuitId', 'uint256', '3'.repeat(70)), one('marketCommitment', 'uint256', '4'.repeat(75)), one('newCommitment', 'uint256', '6'.repeat(76)),
      one('reducing', 'bool', 'false'), one('unmargined', 'bool', 'false'), one('owned', 'bool', 'true'),
      { name: 'proof', type: 'tuple', value: [{ name: 'a', type: 'uint256[2]', value: ['7', '8'].map((digit, place) => one(`a[${place}]`, 'uint256', digit.repeat(77))) }] },
    ],
  });
  return {
    hash: `0x${'a'.repeat(64)}`, block: 42, time: 1_795_622_400, from: TRADER, to: HOUSE, contract: 'ClearingHouse', called: 'settle', succeeded: true,
    gasUsed: 543_210n, value: 0n, calldata: `0x${'ab'.repeat(1_000)}`,
    arguments: [{
      name: 'settlement', type: 'tuple', value: [
        { name: 'trade', type: 'tuple', value: [one('buyer', 'uint64', '1'), one('seller', 'uint64', '2'), one('expiry', 'uint64', '1795626000'), one('commitment', 'uint256', commitment)] },
        side('buyerSide'), side('sellerSide'),
      ],
    }, one('receipt', 'bytes', `0x${'cd'.repeat(65)}`)],
    events: [
      { contract: 'ClearingHouse', address: HOUSE, name: 'TradeSettled', values: [one('venueId', 'uint256', '7'), one('buyer', 'uint64', '1'), one('seller', 'uint64', '2')] },
      { contract: undefined, address: STRANGER, name: undefined, values: [] },
    ],
  };
}
