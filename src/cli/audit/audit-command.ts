import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { auditToHtml } from '../../audit/audit-html.js';
import { auditToJson, exitCodeOfAudit, serializeAudit, type AuditReport } from '../../audit/audit-report.js';
import { runAudit } from '../../audit/run-audit.js';
import { connectChain } from '../../chain/connection.js';
import { writeFileAtomically } from '../../file/atomic-file.js';
import { readCircuitList } from '../../groth16/circuit-list.js';
import { readText } from '../files.js';
import { address, bigNumber, positiveNumber, wholeNumber } from '../options.js';
import type { Output } from '../output.js';
import { projectRoot } from '../project.js';
import type { Runner } from '../runner.js';
import { readStressSets } from '../stress/sets.js';
import { readTrustedKeys } from './trusted-keys.js';

interface AuditOptions {
  readonly rpc: string;
  readonly registry: string;
  readonly venue: bigint;
  readonly chain?: bigint;
  readonly bundles?: readonly string[];
  readonly fromEpoch?: number;
  readonly toEpoch?: number;
  readonly fromBlock?: number;
  readonly block?: number;
  readonly keys?: string;
  readonly scenarios?: readonly string[];
  readonly out: string;
  readonly concurrency?: number;
}

/** Not verified in full is what an audit that broke off says. */
const BROKEN_OFF = 2;

export function addAuditCommand(program: Command, run: Runner): void {
  program.command('audit')
    .description('check everything public about a venue; ends with 0 right, 1 a fault, 2 something could not be checked')
    .requiredOption('--rpc <url>', 'JSON-RPC end point; one that keeps the state of old blocks checks more')
    .requiredOption('--registry <address>', 'the registry, from a source other than the venue', address)
    .requiredOption('--venue <id>', 'the venue\'s number', bigNumber)
    .option('--chain <id>', 'refuse an end point of any other chain', bigNumber)
    .option('--bundles <places...>', 'attestations: folders, files, the URL of a prover service, or a URL with {epoch} in it')
    .option('--from-epoch <number>', 'first epoch to verify', positiveNumber)
    .option('--to-epoch <number>', 'last epoch to verify', positiveNumber)
    .option('--from-block <number>', 'first block whose events are read', wholeNumber)
    .option('--block <number>', 'block to audit at; the newest unless told', wholeNumber)
    .option('--keys <manifest>', 'manifest.json of verification keys you trust; the keys lie beside it')
    .option('--scenarios <files...>', 'stress sets as you know them; without it those that come with the program')
    .option('--out <folder>', 'for audit.json, audit.html and what is verified so far', 'audit')
    .option('--concurrency <number>', 'epochs verified at once', positiveNumber)
    .addHelpText('after', `
Example:
  clearproof audit --rpc http://127.0.0.1:8545 --registry 0xA51c…91C0 --venue 1 --bundles https://prover.example --out audit`)
    .action(run(async (output, options: AuditOptions) => {
      const report = await audit(output, options);
      await writeFileAtomically(join(options.out, 'audit.json'), serializeAudit(report));
      await writeFileAtomically(join(options.out, 'audit.html'), auditToHtml(report));
      print(output, report, options.out);
      output.result(auditToJson(report));
      return exitCodeOfAudit(report.verdict);
    }, BROKEN_OFF));
}

async function audit(output: Output, options: AuditOptions): Promise<AuditReport> {
  const { keys, trustedKeyHashes } = await readTrustedKeys(options.keys);
  const chain = await connectChain(options.rpc, { timeoutMs: 30_000, ...(options.chain === undefined ? {} : { expectedChainId: options.chain }) });
  const stop = new AbortController();
  const onInterrupt = (): void => stop.abort();
  process.once('SIGINT', onInterrupt);
  try {
    return await runAudit(chain.provider, {
      registry: options.registry, venueId: options.venue, bundles: options.bundles ?? [], keys, out: options.out, signal: stop.signal,
      circuits: await readCircuitList(join(projectRoot(), 'circuits', 'circuits.json')), stressSets: await readStressSets(options.scenarios),
      processes: options.concurrency ?? Math.max(1, availableParallelism()), program: await programName(),
      ...given('trustedKeyHashes', trustedKeyHashes), ...given('fromEpoch', options.fromEpoch), ...given('toEpoch', options.toEpoch),
      ...given('fromBlock', options.fromBlock), ...given('toBlock', options.block),
      onHistory: ({ part, requests, blocksRead }) => output.progress(`reading the chain: ${part}, ${requests} requests, events of ${blocksRead} blocks`),
      onProgress: ({ epochs, of, proofs, secondsLeft }) => output.progress(`${epochs} of ${of} epochs, ${proofs} proofs verified${secondsLeft === undefined ? '' : `, about ${secondsLeft} s to go`}`),
    });
  } finally {
    output.progressDone();
    process.off('SIGINT', onInterrupt);
    chain.close();
  }
}

function given<Name extends string, Value>(name: Name, value: Value | undefined): Partial<Record<Name, Value>> {
  return value === undefined ? {} : { [name]: value } as Record<Name, Value>;
}

function print(output: Output, report: AuditReport, out: string): void {
  const marks = { fault: 'FAULT', unchecked: 'not checked', warning: 'warning' } as const;
  for (const { severity, code, epoch, detail } of report.findings) output.say(`${marks[severity]}: ${code}${epoch === undefined ? '' : `, epoch ${epoch}`}: ${printable(detail)}`);
  output.say();
  output.say(printable(report.summary));
  output.say(`The report is in ${join(out, 'audit.html')} and ${join(out, 'audit.json')}.`);
}

/** Names in findings come from tokens and files: nothing in them may steer a terminal. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, '\uFFFD');
}

async function programName(): Promise<string> {
  const { version } = JSON.parse(await readText(join(projectRoot(), 'package.json'))) as { readonly version: string };
  return `clearproof ${version}`;
}
