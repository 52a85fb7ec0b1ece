import { byId } from '../elements.js';
import type { BoardRequest } from './protocol.js';

/** Fields of the form, by their names in a link: `#registry=…&venue=…&rpc=…`. */
const FIELDS = { rpc: 'rpc-url', registry: 'registry', venue: 'venue-id', chain: 'chain-id', from: 'from-block' } as const;

type Field = keyof typeof FIELDS;

const ADDRESS = /^0x[0-9a-fA-F]{40}$/;
const WHOLE = /^[0-9]{1,78}$/;
const BLOCK = /^[0-9]{1,9}$/;

/** Fills the form from what follows # in the page's address. Sends nothing: that waits for the button. */
export function fillFromLink(hash: string): void {
  const given = new URLSearchParams(hash.replace(/^#/, ''));
  for (const field of Object.keys(FIELDS) as Field[]) {
    const value = given.get(field);
    if (value !== null) input(field).value = value;
  }
}

/** What the form asks for, or what is wrong with it in words. */
export function readForm(): BoardRequest | { readonly wrong: string; readonly field: HTMLInputElement } {
  const value = (field: Field): string => input(field).value.trim();
  const wrong = (field: Field, words: string) => ({ wrong: words, field: input(field) });
  if (!/^https?:\/\/\S+$/.test(value('rpc'))) return wrong('rpc', 'The RPC end point must be a URL that begins with https:// or http://.');
  if (!ADDRESS.test(value('registry'))) return wrong('registry', 'The registry must be an address: 0x and 40 hex digits.');
  if (!WHOLE.test(value('venue'))) return wrong('venue', 'The venue must be a whole number.');
  if (value('chain') !== '' && !WHOLE.test(value('chain'))) return wrong('chain', 'The chain must be a whole number, or empty.');
  if (value('from') !== '' && !BLOCK.test(value('from'))) return wrong('from', 'The first block must be a whole number, or empty.');
  return {
    rpc: value('rpc'), registry: value('registry'), venueId: BigInt(value('venue')), chainId: value('chain') === '' ? undefined : BigInt(value('chain')),
    fromBlock: value('from') === '' ? undefined : Number(value('from')), files: [...(byId('board-files', HTMLInputElement).files ?? [])],
  };
}

function input(field: Field): HTMLInputElement {
  return byId(FIELDS[field], HTMLInputElement);
}
