import { cpus } from 'node:os';
import { onChainRecordToJson } from '../../src/attestation/on-chain-record-format.js';
import { receiptToJson } from '../../src/attestation/receipt-format.js';
import { baseOfVenue } from '../../src/attestation/venue-base.js';
import { circuitIdOf } from '../../src/commitment/digest.js';
import { marketCommitment } from '../../src/commitment/market-commitment.js';
import { bulkPoseidon } from '../../src/commitment/poseidon-bulk.js';
import type { Poseidon } from '../../src/commitment/poseidon.js';
import { writeFileAtomically } from '../../src/file/atomic-file.js';
import { releaseCurves } from '../../src/groth16/curves.js';
import { rootOfPath } from '../../src/tree/merkle-path.js';
import { leafOf } from '../../src/verification/account-check.js';
import { ALICE } from '../builders/attestation.js';
import { marketTable } from '../builders/market.js';
import { provenEpoch } from '../builders/proven-epoch.js';
import { documentsOf, type Documents } from '../builders/questions.js';
import { Chromium } from '../harness/chromium.js';
import { PageServer } from '../harness/page-server.js';
import { filesOf } from './bundle-files.js';
import { VerificationPage } from './verification-page.js';

/*
 * `make bench-page`: from the press of the button to inclusion and margin on a receipt of production shape, and the time of a proof, in
 * Chromium. A proof's time depends on its number of public signals alone, so small circuits serve.
 */

const REPORT = 'build/report/page.json';
const RUNS = 7;
const BARS = { millisecondsToInclusion: 1_000, millisecondsPerProof: 50 } as const;

interface Timings {
  readonly millisecondsToInclusion: number;
  readonly millisecondsToVerdict: number;
  readonly millisecondsPerProof: number | null;
}

/** 112 rows, 16 scenarios, 8 holdings, a path of five levels. Tree and table are made up; nothing about them is proven. */
function productionReceipt(poseidon: Poseidon): Documents {
  const scenarios = Array.from({ length: 16 }, (_, place) => `move ${place + 1}`);
  const market = marketTable(Array.from({ length: 112 }, (_, place) => ({
    id: `ASSET${place}`, kind: 'spot' as const, mark: 60_000_000_000n + BigInt(place), longCharge: 1_000_000_000n, shortCharge: 2_000_000_000n,
    pnl: scenarios.map((_name, move) => BigInt(move - 8) * 1_000_000_007n - BigInt(place)),
  })), scenarios);
  const venue = { chainId: 31337n, registry: '0x5FbDB2315678afecb367f032d93F642f64180aa3', venueId: 1n };
  const circuit = 'solvency-batch-n64-k8-s16';
  const receipt = {
    venue, epoch: 1, circuit, slots: 8, owner: 5n, userId: 'bench', subAccount: 0, salt: 6n, depth: 5, market,
    holdings: Array.from({ length: 8 }, (_, place) => ({ index: place * 13, quantity: BigInt(place + 1) * 1_000_003n })),
    path: { position: 777_777, siblings: Array.from({ length: 5 }, (_, level) => Array.from({ length: 15 }, (_unused, place) => poseidon.hash([BigInt(level), BigInt(place)]))) },
    attestation: { sha256: '0'.repeat(64), location: '' },
  };
  const key = (name: string): { readonly circuitId: bigint; readonly verificationKeyHash: string; readonly insecure: boolean } =>
    ({ circuitId: circuitIdOf(name), verificationKeyHash: `0x${'1'.repeat(64)}`, insecure: false });
  const record = {
    ...venue, epoch: 1, base: baseOfVenue(poseidon, venue), marketCommitment: marketCommitment(poseidon, market), genesisAccumulator: 1n, finalAccumulator: 2n,
    accountsRoot: rootOfPath(poseidon, leafOf(poseidon, receipt), receipt.path, 5), accountsBound: 1_000_000n, unhealthyBound: 0n, shortfall: 0n, words: [],
    snapshotTime: market.snapshotTime, acceptedAt: market.snapshotTime, marketTime: market.snapshotTime, valueScale: market.valueScale, covered: true,
    batchCircuits: [key(circuit)], partCircuits: [], closeCircuit: key('solvency-close-u112-s16'),
  };
  return { receipt: receiptToJson(receipt), attestation: undefined, record: onChainRecordToJson(record) };
}

/** Each run on a page that was just opened, as a reader's is; the median of each figure. */
async function timed(browser: Chromium, server: PageServer, documents: Documents): Promise<Timings> {
  const runs: Timings[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const page = await VerificationPage.open(browser, server);
    // A reader looks for files meanwhile; the worker warms up.
    await page.tab.page.waitForTimeout(1_000);
    const { verdict } = await page.ask(filesOf(documents));
    if (verdict !== 'verified') throw new Error(`the receipt to be timed is ${verdict}`);
    runs.push((await page.report() as { readonly timings: Timings }).timings);
    await page.close();
  }
  const median = (of: (timings: Timings) => number): number => runs.map(of).sort((left, right) => left - right)[Math.floor(RUNS / 2)] ?? Number.NaN;
  return {
    millisecondsToInclusion: median((timings) => timings.millisecondsToInclusion), millisecondsToVerdict: median((timings) => timings.millisecondsToVerdict),
    millisecondsPerProof: median((timings) => timings.millisecondsPerProof ?? Number.NaN),
  };
}

const [browser, server, poseidon] = await Promise.all([Chromium.start(), PageServer.start(), bulkPoseidon()]);
try {
  const receipt = await timed(browser, server, productionReceipt(poseidon));
  const proofs = await timed(browser, server, documentsOf((await provenEpoch()).bundles, ALICE));
  const report = {
    machine: { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length }, browser: browser.version, runs: RUNS, bars: BARS,
    receipt: { rows: 112, scenarios: 16, depth: 5, holdings: 8, millisecondsToInclusion: receipt.millisecondsToInclusion, millisecondsToVerdict: receipt.millisecondsToVerdict },
    proofs: { millisecondsPerProof: proofs.millisecondsPerProof },
  };
  await writeFileAtomically(REPORT, `${JSON.stringify(report, undefined, 2)}\n`);
  process.stdout.write(`from the press to inclusion and margin ${report.receipt.millisecondsToInclusion} ms (bar ${BARS.millisecondsToInclusion}), `
    + `a proof ${report.proofs.millisecondsPerProof} ms (bar ${BARS.millisecondsPerProof}); ${REPORT}\n`);
} finally {
  await browser.stop();
  await server.stop();
  await releaseCurves();
}
