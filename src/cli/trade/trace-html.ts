import type { TracedEvent, TracedValue, TransactionTrace } from '../../chain/transaction-trace.js';
import { html, raw, tableOf, type Html } from '../../risk/backtest/html.js';
import { STYLE } from '../../risk/backtest/style.js';
import { bytesOf, named, shortened } from './trace-text.js';

/** A transaction with what its parties know of it, for a page that shows both; the parties' part is nowhere on chain. */
export interface ShownTrace {
  /** As in "An option and its premium". */
  readonly title: string;
  /** What the parties know; absent where a stranger made the page. */
  readonly secret?: string;
  readonly trace: TransactionTrace;
}

const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

/** All traces in one page: no script, nothing loaded from elsewhere, every text escaped. */
export function tracesToHtml(traces: readonly ShownTrace[], chainId: bigint): string {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>What an outsider sees</title><style>${raw(STYLE)} ${raw(OWN_STYLE)}</style></head><body><main>
<header><h1>What an outsider sees</h1>
<p class="sub">Transactions of a clearing house on chain ${chainId.toString()}, decoded as a block explorer does: calldata and events, and nothing else was read.</p></header>
${traces.map(traceSection)}
<section><h2>How to read this</h2><ul>${NOTES.map((line) => html`<li>${line}</li>`)}</ul></section>
</main></body></html>
`.text;
}

const OWN_STYLE = `
p { overflow-wrap: anywhere; } td { white-space: normal; } td.k { white-space: nowrap; color: #57606a; } code { overflow-wrap: anywhere; }
.secret { border-left: 4px solid #8a5a00; padding: 8px 12px; background: #fff8ec; }`;

const NOTES: readonly string[] = [
  'Public: which handles act, when, under which market table, and what collateral goes in and out.',
  'Hidden: what an account holds, what was traded, how much, at what price and on whose behalf. A commitment is a hash with a random nonce in it: equal trades look different.',
  'A trade commitment fills once, so the same trade cannot be settled again; two proofs hold or nothing is written.',
];

function traceSection({ title, secret, trace }: ShownTrace): Html {
  const { hash, block, time, from, to, contract, called, succeeded, gasUsed, calldata } = trace;
  const facts: readonly (readonly [string, string | Html])[] = [
    ['Transaction', html`<code>${hash}</code>`], ['Status', succeeded ? html`<span class="good">Success</span>` : html`<span class="bad">Reverted</span>`],
    ['Block', `${block}, ${new Date(time * 1_000).toISOString()}`], ['From', html`<code>${from}</code>`], ['To', html`<code>${named(contract, to)}</code>`],
    ['Gas used', gasUsed.toString()], ['Calldata', `${bytesOf(calldata)} bytes`],
  ];
  return html`<section><h2>${title}</h2>${secret === undefined ? raw('') : html`<p class="secret">Only the parties know: ${secret}</p>`}
<div class="wide"><table><tbody>${facts.map(([what, value]) => html`<tr><td class="k">${what}</td><td>${value}</td></tr>`)}</tbody></table></div>
<h4>Call: ${called ?? 'unknown'}</h4>${valuesTable(trace.arguments)}
<h4>Events: ${trace.events.length}</h4>${trace.events.map(eventPart)}</section>`;
}

function eventPart({ contract, address, name, values }: TracedEvent): Html {
  return html`<p><b>${name ?? 'unknown event'}</b> <span class="sub">of ${named(contract, address)}</span></p>${valuesTable(values)}`;
}

function valuesTable(values: readonly TracedValue[]): Html {
  const rows = flat(values, '');
  return rows.length === 0 ? html`<p>Nothing.</p>` : tableOf(['name', 'type', 'value'], rows.map(([name, type, value]) => [name, type, html`<code>${shortened(value)}</code>`]), 3);
}

function flat(values: readonly TracedValue[], before: string): [name: string, type: string, value: string][] {
  return values.flatMap(({ name, type, value }) => {
    const path = `${before}${name}`;
    return typeof value === 'string' ? [[path, type, value] as [string, string, string]] : flat(value, `${path}.`);
  });
}
