import { formatDecimal } from '../fixed-point/decimal.js';
import { html, raw, tableOf, type Html } from '../risk/backtest/html.js';
import { STYLE } from '../risk/backtest/style.js';
import { labelOf, type AuditedCircuit, type AuditedProposal } from './audit-circuits.js';
import { FINDINGS, type AuditFinding, type Severity } from './audit-finding.js';
import { countOf, type AuditedEpoch, type AuditReport, type AuditVerdict } from './audit-report.js';

const HEADLINES: Readonly<Record<AuditVerdict, readonly [text: string, style: string]>> = {
  right: ['Right: everything was checked, and is as it must be', 'good'],
  fault: ['Fault: something is not as it must be', 'bad'],
  incomplete: ['Incomplete: nothing is wrong, and something could not be checked', 'mild'],
};
const SEVERITIES: Readonly<Record<Severity, readonly [title: string, none: string]>> = {
  fault: ['Faults', 'None.'], unchecked: ['What could not be checked', 'Nothing: all was checked.'], warning: ['What a reader should know', 'Nothing.'],
};
const SOURCES = { attestation: 'attestation', transaction: 'transaction', none: 'not verified' } as const;
const MOST_DECIMALS = 36;
const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

/** The whole report in one page: no script, nothing loaded from elsewhere, every text escaped. */
export function auditToHtml(report: AuditReport): string {
  const { venue, readAt, verdict, program } = report;
  const [headline, style] = HEADLINES[verdict];
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>Audit of venue ${venue.venueId.toString()}</title><style>${raw(STYLE)} td.t { white-space: normal; min-width: 24ch; } code { overflow-wrap: anywhere; }</style></head><body><main>
<header><h1>Audit of venue ${venue.venueId.toString()}</h1>
<p class="sub">Registry <code>${venue.registry}</code> on chain ${venue.chainId.toString()}, as of block ${readAt.number}, ${moment(readAt.time)} (<code>${readAt.hash}</code>).</p></header>
<section><h2 class="${raw(style)}">${headline}</h2><p>${shown(report.summary)}.</p>${cards(report)}</section>
${(['fault', 'unchecked', 'warning'] as const).map((severity) => findingsSection(report, severity))}
<section><h2>Epochs</h2>${epochsTable(report)}</section>
<section><h2>Deposits against reserves</h2>
<p>What each epoch owed of each asset, net of loans within their limit, and what the checkpoint of its snapshot counted. Computed again from the chain.</p>${coverTable(report)}</section>
${stressSection(report)}
<section><h2>Circuits and keys</h2>
<p>Each circuit of the registry has one key for good. What was proven in a circuit that was retired stays recorded; whether its key was good while it counted, the registry does not say.</p>${circuitsTable(report)}${proposalsTable(report)}</section>
<section><h2>How to read this</h2>${notes(report)}<p class="sub">Made by ${program}.</p></section>
</main></body></html>
`.text;
}

function cards(report: AuditReport): Html {
  const { epochs, findings, gate, range } = report;
  const proofs = epochs.reduce((sum, one) => sum + one.proofs, 0);
  const list: readonly (readonly [string, string])[] = [
    [range.last === 0 ? 'none' : `${range.first} to ${range.last}`, 'epochs looked at'], [String(proofs), 'proofs that hold'],
    [`${countOf(findings, 'fault')} / ${countOf(findings, 'unchecked')} / ${countOf(findings, 'warning')}`, 'faults / not checked / warnings'],
    [gate.mode, gate.reasons.length === 0 ? 'the gate lets everything through' : `the gate: ${gate.reasons.join(', ')}`],
  ];
  return html`<div class="cards">${list.map(([value, what]) => html`<div class="card"><b>${value}</b><span>${what}</span></div>`)}</div>`;
}

function findingsSection({ findings }: AuditReport, severity: Severity): Html {
  const [title, none] = SEVERITIES[severity];
  const found = findings.filter((one) => one.severity === severity);
  if (found.length === 0) return html`<section><h2>${title}</h2><p>${none}</p></section>`;
  const codes = [...new Set(found.map(({ code }) => code))];
  return html`<section><h2>${title}</h2>${codes.map((code) => html`<h4>${code}</h4><p>${FINDINGS[code].meaning}</p><ul>${
    found.filter((one) => one.code === code).map((one) => html`<li>${sentence(one)}</li>`)}</ul>`)}</section>`;
}

function sentence({ epoch, detail }: AuditFinding): string {
  return shown(`${epoch === undefined ? '' : `Epoch ${epoch}: `}${detail}`);
}

function epochsTable({ epochs }: AuditReport): Html {
  if (epochs.length === 0) return html`<p>The venue has published none.</p>`;
  return tableOf(['epoch', 'snapshot', 'proofs from', 'covered', 'proofs', 'accounts at most', 'unhealthy at most', 'shortfall, value units', 'block'], epochs.map((one) => [
    String(one.epoch), moment(one.snapshotTime), SOURCES[one.source], one.covered ? html`<span class="good">yes</span>` : html`<span class="bad">NO</span>`,
    one.proofs, one.accountsBound.toString(), one.unhealthyBound.toString(), one.shortfall.toString(), one.block,
  ]), 4);
}

function coverTable(report: AuditReport): Html {
  const rows = report.epochs.flatMap((epoch) => epoch.assets.map((cover) => [
    String(epoch.epoch), assetName(report, cover.asset), cover.covered ? html`<span class="good">yes</span>` : html`<span class="bad">NO</span>`,
    amount(report, cover.asset, cover.owed), amount(report, cover.asset, cover.reserves),
  ]));
  return rows.length === 0 ? html`<p>Not known of any epoch.</p>` : tableOf(['epoch', 'asset', 'covered', 'owed', 'reserves'], rows, 3);
}

function assetName({ assets }: AuditReport, asset: number): string {
  const token = assets[asset]?.token;
  return shown(`${asset}: ${token?.symbol ?? 'no symbol'} (${token?.address.slice(0, 10) ?? ''}…)`);
}

/** In whole tokens where the token tells its decimals. */
function amount({ assets }: AuditReport, asset: number, units: bigint): string {
  const decimals = assets[asset]?.token.decimals;
  return decimals === undefined || decimals > MOST_DECIMALS ? `${units} units` : formatDecimal(units, decimals);
}

function stressSection({ epochs }: AuditReport): Html {
  const rows = epochs.flatMap(({ epoch, stress }: AuditedEpoch) => stress.map((one) => [
    String(epoch), shown(one.set), shown(one.scenario), one.unhealthyBound.toString(), one.shortfall.toString(),
  ]));
  if (rows.length === 0) return raw('');
  return html`<section><h2>Stress tests that hold</h2>${tableOf(['epoch', 'set', 'scenario', 'unhealthy at most', 'shortfall, value units'], rows, 3)}</section>`;
}

function circuitsTable({ circuits }: AuditReport): Html {
  if (circuits.length === 0) return html`<p>The registry has none.</p>`;
  return tableOf(['circuit', 'kind', 'key', 'added', 'retired', 'hash of the key', 'verifier', 'epochs'], circuits.map((one) => [
    shown(labelOf(one)), one.kind, keyCell(one), one.added === undefined ? 'before the first block read' : `${moment(one.added.time)}, block ${one.added.block}`,
    one.retiredAt === undefined ? 'in force' : html`<span class="bad">${moment(one.retiredAt)}</span>`, html`<code>${one.verificationKeyHash}</code>`, html`<code>${one.verifier}</code>`, one.epochs.length,
  ]), 7);
}

function proposalsTable({ proposedCircuits }: AuditReport): Html {
  if (proposedCircuits.length === 0) return html`<p>No other is announced.</p>`;
  return html`<h4>Announced, not in force</h4>${tableOf(['circuit', 'kind', 'key', 'can be added', 'replaces', 'hash of the key', 'hash of the code', 'verifier'], proposedCircuits.map((one) => [
    shown(labelOf(one)), one.kind, keyCell(one), one.expired ? 'no more: expired' : `from ${moment(one.readyAt)}`, one.replaces === undefined ? 'nothing' : `0x${one.replaces.toString(16)}`,
    html`<code>${one.verificationKeyHash}</code>`, html`<code>${one.codeHash}</code>`, html`<code>${one.verifier}</code>`,
  ]), 8)}`;
}

function keyCell({ developmentKey }: AuditedCircuit | AuditedProposal): Html {
  return developmentKey ? html`<span class="bad">INSECURE</span>` : html`not flagged`;
}

function notes({ trustedKeys, resumed, fromBlock }: AuditReport): Html {
  const lines = [
    'An audit compares what is public. It cannot see whether every account is in the tree: each user checks their own receipt, and can challenge.',
    'It cannot see what a venue owes outside the tree, nor whether reserves were borrowed for the moment of a checkpoint.',
    'Everything read from the chain is what one node said. The node was caught where it contradicted itself; a node that lies consistently is not. Ask a second one.',
    'The registry\'s address must come from a source other than the venue: a venue can deploy a registry of its own that records anything.',
    trustedKeys ? 'Verification keys were held against the list that was given.' : 'Verification keys are those of the registry: no list of trusted keys was given.',
    ...(fromBlock === 0 ? [] : [`Events were read from block ${fromBlock} on.`]),
    ...(resumed === 0 ? [] : [`The verification of ${resumed} epochs was taken over from an earlier run that was stopped.`]),
  ];
  return html`<ul>${lines.map((line) => html`<li>${line}</li>`)}</ul>`;
}

/** Characters that show nothing, or turn the text around them, become visible: tokens and files may be named anything. */
function shown(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\u2028\u2029]/gu, '\uFFFD');
}

function moment(seconds: number): string {
  return `${new Date(seconds * 1_000).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
