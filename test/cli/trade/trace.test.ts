import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { TransactionTrace } from '../../../src/chain/transaction-trace.js';
import { Output } from '../../../src/cli/output.js';
import { tracesToHtml } from '../../../src/cli/trade/trace-html.js';
import { printTrace } from '../../../src/cli/trade/trace-text.js';
import { settlementTrace } from '../../builders/settlement-trace.js';

const LONG = '1'.repeat(77);

describe('what an outsider sees of a transaction', () => {
  it('is written as lines: call, arguments and events, long numbers by their ends', async () => {
    const said = await printed(settlementTrace({ commitment: LONG }));
    assert.match(said, /from 0x7{40} to ClearingHouse \(0x8{40}\)/);
    assert.match(said, /settle\(\n {4}settlement:\n {6}trade:\n {8}buyer: 1\n {8}seller: 2/);
    assert.match(said, /commitment: 111111111111…11111111 \(77 digits\)/);
    assert.match(said, /event of ClearingHouse \(0x8{40}\): TradeSettled/);
    assert.match(said, /event of 0x9{40}: unknown/);
    assert.doesNotMatch(said, new RegExp(LONG));
  });

  it('says of a transaction that reverted that it did', async () => {
    assert.match(await printed({ ...settlementTrace(), succeeded: false }), /REVERTED/);
    assert.match(tracesToHtml([{ title: 'one', trace: { ...settlementTrace(), succeeded: false } }], 1n), /Reverted/);
  });

  it('is one page that loads nothing, runs nothing and escapes what strangers named [P-231]', () => {
    const page = tracesToHtml([{ title: '<script>alert(1)</script>', secret: 'a "call" & its <price>', trace: settlementTrace() }], 31_337n);
    assert.match(page, /default-src 'none'; style-src 'unsafe-inline'|default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;/);
    assert.match(page, /&lt;script&gt;alert\(1\)/);
    assert.match(page, /a &quot;call&quot; &amp; its &lt;price&gt;/);
    assert.doesNotMatch(page, /<script|<link|<img|src=|href=|url\(/);
    assert.match(page, /settlement\.trade\.buyer/);
  });

  it('keeps the parties\' knowledge out of a page that a stranger makes', () => {
    const page = tracesToHtml([{ title: 'a settlement', trace: settlementTrace() }], 31_337n);
    assert.doesNotMatch(page, /Only the parties know/);
  });
});

async function printed(trace: TransactionTrace): Promise<string> {
  const stdout = new PassThrough();
  const said = text(stdout);
  printTrace(new Output(false, stdout, new PassThrough()), trace);
  stdout.end();
  return said;
}
