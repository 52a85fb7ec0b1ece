import type { TracedValue, TransactionTrace } from '../../chain/transaction-trace.js';
import { moment } from '../market/change-state.js';
import type { Output } from '../output.js';

/** Digits of a number that is shown whole; longer ones are field elements, coordinates and hashes, which tell nobody anything. */
const SHOWN_DIGITS = 26;

/** What a block explorer shows, as lines. */
export function printTrace(output: Output, trace: TransactionTrace): void {
  const { hash, block, time, from, to, contract, called, succeeded, gasUsed, calldata } = trace;
  output.say(`transaction ${hash}`);
  output.say(`  block ${block}, ${moment(time)}; ${succeeded ? 'succeeded' : 'REVERTED'}, ${gasUsed} gas, ${bytesOf(calldata)} bytes`);
  output.say(`  from ${from} to ${named(contract, to)}`);
  output.say(`  ${called ?? 'unknown call'}(`);
  linesOf(trace.arguments, 2).forEach((line) => output.say(line));
  output.say('  )');
  for (const { contract: raiser, address, name, values } of trace.events) {
    output.say(`  event of ${named(raiser, address)}: ${name ?? 'unknown'}`);
    linesOf(values, 2).forEach((line) => output.say(line));
  }
}

/** A contract by the name that the deployment gives it. */
export function named(name: string | undefined, address: string | undefined): string {
  if (address === undefined) return 'a new contract';
  return name === undefined ? address : `${name} (${address})`;
}

/** Length of hex with 0x. */
export function bytesOf(hex: string): number {
  return (hex.length - 2) / 2;
}

/** Long numbers and hex by their ends, as explorers do. */
export function shortened(value: string): string {
  return value.length <= SHOWN_DIGITS || /^0x[0-9a-fA-F]{40}$/.test(value) ? value : `${value.slice(0, 12)}…${value.slice(-8)} (${value.length} ${value.startsWith('0x') ? 'characters' : 'digits'})`;
}

function linesOf(values: readonly TracedValue[], depth: number): string[] {
  const indent = '  '.repeat(depth);
  return values.flatMap(({ name, value }) => (typeof value === 'string'
    ? [`${indent}${name}: ${shortened(value)}`]
    : value.length === 0 ? [`${indent}${name}: none`] : [`${indent}${name}:`, ...linesOf(value, depth + 1)]));
}
