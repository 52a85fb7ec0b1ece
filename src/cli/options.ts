import { InvalidArgumentError } from 'commander';

/** Parser of an option that counts something: 0 to 999,999,999. */
export function wholeNumber(text: string): number {
  if (!/^[0-9]{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

/** As wholeNumber, 0 refused. */
export function positiveNumber(text: string): number {
  const value = wholeNumber(text);
  if (value === 0) throw new InvalidArgumentError('It must be at least 1.');
  return value;
}

/** Parser of an option that is a TCP port; 0 asks for a free one. */
export function port(text: string): number {
  const value = wholeNumber(text);
  if (value > 65_535) throw new InvalidArgumentError('It must be a port: 0 to 65535.');
  return value;
}

/** Parser of an option that may be large: a venue id, an amount. */
export function bigNumber(text: string): bigint {
  if (!/^[0-9]{1,78}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return BigInt(text);
}

/** Parser of an option that is an address. */
export function address(text: string): string {
  if (!/^0x[0-9a-fA-F]{40}$/.test(text)) throw new InvalidArgumentError('It must be an address: 0x and 40 hex digits.');
  return text;
}

/** Parser of an option that is a moment: Unix seconds. */
export function unixSeconds(text: string): number {
  if (!/^[0-9]{1,12}$/.test(text)) throw new InvalidArgumentError('It must be Unix time in seconds.');
  return Number(text);
}

/** Parser of an option of 32 bytes. */
export function bytes32(text: string): string {
  if (!/^0x[0-9a-fA-F]{64}$/.test(text)) throw new InvalidArgumentError('It must be 32 bytes: 0x and 64 hex digits.');
  return text.toLowerCase();
}

/** A contract on a chain, as options name it. */
export interface ChainAddress {
  readonly chainId: bigint;
  readonly address: string;
}

/** Parser of an option that is a contract on a chain: "<chain id>:<address>". */
export function chainAddress(text: string): ChainAddress {
  const [chainId = '', place = '', ...more] = text.split(':');
  if (!/^[1-9][0-9]{0,18}$/.test(chainId) || more.length > 0) throw new InvalidArgumentError('It must be a chain id and an address with a colon between.');
  return { chainId: BigInt(chainId), address: address(place) };
}
