import type { HistoryAsset, TokenFacts, VenueHistory } from '../../chain/history/venue-history.js';
import type { BoardAsset } from './board.js';
import type { CheckedDocument } from './documents.js';
import type { Fact, Unit } from './figure.js';
import { printable } from './printable.js';
import { fact, figure, fromEvent, fromState } from './sources.js';

/** More decimals than a token can mean: 10^36 base units a token leave no whole one in 128 bits. */
const MAX_DECIMALS = 36;

/** Token base units, shown with the token's own decimals; as bare integers where it does not say how many it has. */
export function tokenUnit(token: TokenFacts, fallback: string): Unit {
  const name = printable(token.symbol ?? '', fallback);
  const decimals = decimalsOf(token);
  return decimals === undefined ? { name: `base units of ${name}`, scale: 0 } : { name, scale: decimals };
}

/** Value units of a venue. The chain knows how many make one of the settlement currency, but its name only from a proven table. */
export function valueUnit({ config }: VenueHistory, documents: readonly CheckedDocument[]): Unit {
  const named = documents.find((one) => one.kind === 'attestation' && one.verdict === 'verified');
  return { name: named?.kind === 'attestation' && named.attestation !== undefined ? named.attestation.market.currency : 'settlement currency', scale: config.valueScale };
}

export function boardAssets({ settlementAssets }: VenueHistory): BoardAsset[] {
  return settlementAssets.map((asset) => {
    const { index, token, unitsPerQuantum, at } = asset;
    const decimals = decimalsOf(token);
    const registered = at === undefined ? fromState('registry', 'settlementAssets') : fromEvent('registry', 'SettlementAssetRegistered', at);
    return {
      index, token: token.address, symbol: symbolOf(asset),
      decimals: decimals === undefined ? undefined : figure(decimals, { name: 'decimals', scale: 0 }, fromState(`token ${index}`, 'decimals')),
      unitsPerQuantum: figure(unitsPerQuantum, { name: 'token base units a quantum', scale: 0 }, registered),
    };
  });
}

/** Any contract can call itself anything: a symbol is a claim of the token's maker. */
function symbolOf({ index, token }: HistoryAsset): Fact {
  return fact(printable(token.symbol ?? '', `asset ${index}`), { standing: 'stated', source: [{ from: `token ${index}.symbol` }] });
}

function decimalsOf({ decimals }: TokenFacts): number | undefined {
  return decimals === undefined || decimals > MAX_DECIMALS ? undefined : decimals;
}
