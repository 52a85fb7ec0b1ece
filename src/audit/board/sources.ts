import type { EventPlace } from '../../chain/history/event-place.js';
import type { VenueHistory } from '../../chain/history/venue-history.js';
import type { NamedAddress } from './board.js';
import type { Backed, Fact, Figure, Source, Unit } from './figure.js';

/** Names of the contracts that sources begin with. */
export type ContractName = 'registry' | 'reserves' | 'markets' | 'prices' | 'disputes' | 'fund token' | `token ${number}`;

/** What a contract's event says. */
export function fromEvent(contract: ContractName, event: string, at: EventPlace, epoch?: number): Backed {
  return onChain({ from: `${contract}.${event}`, block: at.block, ...(epoch === undefined ? {} : { epoch }) });
}

/** What a view of a contract says at the board's block. */
export function fromState(contract: ContractName, view: string, epoch?: number): Backed {
  return onChain({ from: `${contract}.${view}`, ...(epoch === undefined ? {} : { epoch }) });
}

export function figure(value: bigint | number, unit: Unit, backed: Backed): Figure {
  return { value: BigInt(value), unit, standing: backed.standing, source: backed.source };
}

export function fact(text: string, backed: Backed): Fact {
  return { text, standing: backed.standing, source: backed.source };
}

/** The addresses behind the names of sources. */
export function contractsOf({ registry, config, markets, prices, reserves, disputes, settlementAssets }: VenueHistory): NamedAddress[] {
  const named = (name: ContractName, address: string | undefined): NamedAddress[] => (address === undefined ? [] : [{ name, address }]);
  return [
    ...named('registry', registry), ...named('reserves', reserves.address), ...named('markets', markets.address), ...named('prices', prices?.address),
    ...named('disputes', disputes?.address), ...named('fund token', config.fundToken),
    ...settlementAssets.flatMap(({ index, token }) => named(`token ${index}`, token.address)),
  ];
}

function onChain(source: Source): Backed {
  return { standing: 'chain', source: [source] };
}
