import assert from 'node:assert/strict';
import { finding } from '../../src/audit/audit-finding.js';
import { auditToHtml } from '../../src/audit/audit-html.js';
import { auditToJson, serializeAudit, type AuditReport } from '../../src/audit/audit-report.js';

const ADDRESS = `0x${'a'.repeat(40)}`;
const SCRIPT = '<script>alert(1)</script><img src=x onerror="alert(2)">';
/** Closes what it may stand in: an element, an attribute in either quotes, a comment, a style. */
const BREAKS_OUT = '"\'></td></style><!-- --><b onmouseover=alert(3)>&amp;';
/** Turns the text after it around, hides, ends lines. */
const INVISIBLE = 'safe\u202Eelbasnu\u2066\u200B\u0000\u001B[2J\u2028end';

const CIRCUIT = { circuitId: 171n, kind: 'close', verifier: ADDRESS, verificationKeyHash: `0x${'d'.repeat(64)}`, developmentKey: true } as const;

function hostileReport(): AuditReport {
  return {
    venue: { chainId: 31337n, registry: ADDRESS, venueId: 7n }, readAt: { number: 9, hash: `0x${'b'.repeat(64)}`, time: 1_900_000_000 }, fromBlock: 3,
    program: `clearproof ${SCRIPT}`, range: { first: 1, last: 1 }, verdict: 'fault', summary: `FAULT: ${SCRIPT}`, resumed: 1, trustedKeys: false,
    gate: { mode: 'open', reasons: [], age: 10 },
    assets: [SCRIPT, BREAKS_OUT, INVISIBLE, undefined].map((symbol, index) => ({ index, token: { address: ADDRESS, symbol, decimals: [6, 255, 0, undefined][index] } })),
    circuits: [{ ...CIRCUIT, name: SCRIPT, added: undefined, retiredAt: 1_900_000_000, epochs: [1] }, { ...CIRCUIT, name: undefined, added: undefined, retiredAt: undefined, epochs: [] }],
    proposedCircuits: [{ ...CIRCUIT, name: BREAKS_OUT, codeHash: `0x${'e'.repeat(64)}`, readyAt: 1_900_000_500, replaces: 10n, expired: false }],
    epochs: [{
      epoch: 1, snapshotTime: 1_900_000_000, acceptedAt: 1_900_000_001, block: 8, transaction: `0x${'c'.repeat(64)}`, covered: false, accountsBound: 4n, unhealthyBound: 0n, shortfall: 0n,
      assets: [0, 1, 2, 3].map((asset) => ({ asset, deposits: 5n, loans: 0n, owed: 5_000_000n, reserves: 1n, covered: false })), fund: 0n,
      source: 'attestation', proofs: 2, steps: [], stress: [{ set: SCRIPT, scenario: BREAKS_OUT, unhealthyBound: 1n, shortfall: 1n }],
    }],
    findings: [
      finding('circuits-differ', 1, `names the circuit ${SCRIPT}`), finding('instrument-differs', 1, `row 0 is "${BREAKS_OUT}"`), finding('bundle-unreadable', undefined, `${INVISIBLE}.json is cut off`),
    ],
  };
}

describe('the page of an audit about what hostile hands named', () => {
  const page = auditToHtml(hostileReport());
  const body = page.slice(page.indexOf('</style>'));

  it('has no element, attribute or comment that a name brought with it', () => {
    const tags = [...new Set([...body.matchAll(/<\/?([a-z0-9!-]+)/gi)].map(([, name]) => name))].sort();
    assert.deepEqual(tags.filter((tag) => !['b', 'body', 'code', 'div', 'h1', 'h2', 'h4', 'head', 'header', 'html', 'li', 'main', 'p', 'section', 'span', 'style', 'table', 'tbody', 'td', 'th', 'thead', 'tr', 'ul'].includes(tag as string)), []);
    for (const [tag] of body.matchAll(/<[a-z][^>]*>/gi)) assert.match(tag, /^<[a-z0-9]+( class="[a-z]+")?>$/, tag);
    assert.equal(page.split('</style>').length, 2, 'the style ends once');
  });

  it('shows them all the same, as text, wherever they stand', () => {
    const script = SCRIPT.replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
    // Program, summary, token, stress set, finding, circuit.
    assert.equal(body.split(script).length - 1, 6);
    assert.ok(body.includes('&amp;amp;'), 'what looks escaped is escaped again');
  });

  it('shows which circuits are in force, retired and to come', () => {
    const cells = (row: string): string[] => [...row.matchAll(/<td[^>]*>(.*?)<\/td>/g)].map(([, cell]) => (cell as string).replace(/<[^>]*>/g, ''));
    const rows = body.slice(body.indexOf('Circuits and keys')).split('<tr>').map(cells).filter(({ length }) => length > 0);
    assert.deepEqual(rows.map(([, kind, key, first, second]) => [kind, key, first, second]), [
      ['close', 'INSECURE', 'before the first block read', '2030-03-17 17:46 UTC'], ['close', 'INSECURE', 'before the first block read', 'in force'], ['close', 'INSECURE', 'from 2030-03-17 17:55 UTC', '0xa'],
    ]);
    assert.equal(rows[1]?.[0], '0xab', 'by its id where nobody names it');
  });

  it('has no character that hides, or turns the text around', () => {
    assert.doesNotMatch(page, /[\p{Cf}\p{Co}\u2028\u2029]|(?!\n)\p{Cc}/u);
    assert.ok(body.includes('safe\uFFFDelbasnu'));
  });

  it('forbids scripts and everything from elsewhere by its own policy', () => {
    assert.match(page, /<meta http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;">/);
    assert.doesNotMatch(page, /https?:|url\(|<script|<link|<iframe/);
  });

  it('shows amounts of a token with impossible decimals in base units', () => {
    assert.ok(body.includes('5000000 units') && body.includes('>5<'), body);
  });

  it('goes with JSON that keeps the names as they are, and reads back', () => {
    const json = JSON.parse(serializeAudit(hostileReport())) as { assets: { token: { symbol?: string } }[] };
    assert.deepEqual(json.assets.map(({ token }) => token.symbol), [SCRIPT, BREAKS_OUT, INVISIBLE, undefined]);
    assert.deepEqual(json, JSON.parse(JSON.stringify(auditToJson(hostileReport()))));
  });
});
