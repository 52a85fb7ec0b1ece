import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { anvilWallet, startAnvil } from '../chain/anvil.js';
import { connectChain, type ChainConnection } from '../chain/connection.js';
import { deployContract } from '../chain/deploy-contract.js';
import { circuitKindOf } from '../chain/deployment.js';
import { attemptOnVerifier, verifierTarget, type ExpectedVerifier } from '../chain/forgery-attempt.js';
import { verifierContractName } from '../chain/verifier-name.js';
import { ClearproofError } from '../error/clearproof-error.js';
import { writeFileAtomically } from '../file/atomic-file.js';
import { releaseCurves } from '../groth16/curves.js';
import { forgeWithKnownTrapdoor } from '../groth16/development-setup/trapdoor-forgery.js';
import { gateFolderKey, type GatedKey } from '../groth16/folder-gates.js';
import { attemptedSignals, NEAR_RELATIONS } from '../groth16/forgery.js';
import { ForgeryControlError, type ForgeryAttempts } from '../groth16/key-gates.js';
import { readKeyManifest } from '../groth16/key-manifest.js';
import { toolVersions, type ToolVersions } from '../groth16/tool-versions.js';
import { isInsecure, verificationKeyHash } from '../groth16/verification-key.js';
import { runTool } from './command-line.js';
import { CONTRACT_ARTIFACTS } from './contracts.js';
import { KEYS_DIRECTORY } from './keys.js';

/** A key takes a forgery, or nothing shows that it does not. */
export class ForgeryReportError extends ClearproofError {
  readonly code = 'FORGERY_REPORT';
}

/** What came of forgeries on one verifier. */
interface Attempted extends ForgeryAttempts {
  /** Whether a proof made with secrets that everybody knows was taken; true of INSECURE keys alone. */
  readonly publicSecretsForge: boolean;
}

/** One key of the report. */
export interface KeyForgeries {
  readonly circuit: string;
  readonly security: string;
  readonly insecure: boolean;
  readonly verificationKeyHash: string;
  readonly snarkjs: Attempted;
  /** On a contract on a local chain; absent for circuits that no registry takes. */
  readonly contract?: Attempted;
}

/** A key that did not pass, and why. */
export interface KeyFault {
  readonly circuit: string;
  readonly code: string;
  readonly fault: string;
}

/** build/report/forgery.json. */
export interface ForgeryReport {
  readonly version: 1;
  readonly tools: ToolVersions;
  readonly keys: readonly KeyForgeries[];
  readonly faults: readonly KeyFault[];
}

/** Keys, the contracts compiled from them, and a local test chain. */
export interface ForgerySubjects {
  readonly keys: string;
  readonly contracts: string;
  readonly chain: ChainConnection;
}

/**
 * Tries to forge with every key of a folder, on snarkjs and on its verifier deployed on a test chain, each attempt beside a control that must
 * succeed. A key that fails does not keep the others from being tried.
 *
 * @param say hears of each key
 */
export async function forgeryReport({ keys, contracts, chain }: ForgerySubjects, say: (line: string) => void = () => undefined): Promise<ForgeryReport> {
  const passed: KeyForgeries[] = [];
  const faults: KeyFault[] = [];
  for (const circuit of Object.keys((await readKeyManifest(keys)).keys).sort()) {
    try {
      passed.push(await forgeriesOn(await gateFolderKey(keys, circuit, NEAR_RELATIONS), circuit, contracts, chain));
      say(`${circuit}: refused`);
    } catch (thrown) {
      if (!(thrown instanceof ClearproofError)) throw thrown;
      faults.push({ circuit, code: thrown.code, fault: thrown.message });
      say(`${circuit}: ${thrown.message}`);
    }
  }
  return { version: 1, tools: toolVersions(), keys: passed, faults };
}

async function forgeriesOn({ key, record, attempts, trapdoorForges }: GatedKey, circuit: string, contracts: string, chain: ChainConnection): Promise<KeyForgeries> {
  const expected = { key, ...(record.verifier === undefined ? {} : { verifier: record.verifier }) };
  const contract = circuitKindOf(circuit) === undefined ? undefined : await onContract(expected, record.r1csSha256, circuit, contracts, chain);
  // The same proof on both: a verifier that refuses what snarkjs takes refuses for another reason than the key.
  if (contract !== undefined && contract.publicSecretsForge !== trapdoorForges) {
    throw new ForgeryControlError(`${contract.target} and snarkjs do not agree on a proof made with public secrets for ${circuit}: one of them is broken`, { key: circuit });
  }
  return {
    circuit, security: key.security, insecure: isInsecure(key), verificationKeyHash: verificationKeyHash(key),
    snarkjs: { ...attempts, publicSecretsForge: trapdoorForges }, ...(contract === undefined ? {} : { contract }),
  };
}

async function onContract(expected: ExpectedVerifier, r1csSha256: string, circuit: string, contracts: string, { provider }: ChainConnection): Promise<Attempted> {
  const { address } = await deployContract(anvilWallet(0, provider), contracts, verifierContractName(circuit), []);
  const attempts = await attemptOnVerifier(provider, address, expected, circuit);
  const signals = attemptedSignals(expected.key);
  const forged = await forgeWithKnownTrapdoor(expected.key, signals, r1csSha256);
  const publicSecretsForge = forged !== undefined && await (await verifierTarget(provider, address, expected, circuit)).takes(signals, forged);
  return { ...attempts, publicSecretsForge };
}

/** The report for people. */
export function forgeryTable({ keys, faults }: ForgeryReport): string[] {
  const cells = (attempted: Attempted | undefined): readonly string[] => (attempted === undefined
    ? ['-', '-', '-'] : [String(attempted.refused), String(attempted.controls), attempted.publicSecretsForge ? 'forges' : '-']);
  const rows = [
    ['circuit', 'key', 'snarkjs: refused', 'controls taken', 'public secrets', 'contract: refused', 'controls taken', 'public secrets'],
    ...keys.map((key) => [key.circuit, key.insecure ? 'INSECURE' : 'ceremony', ...cells(key.snarkjs), ...cells(key.contract)]),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return [
    ...rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd()),
    ...faults.map(({ circuit, code, fault }) => `FAULT ${circuit}: ${fault} [${code}]`),
  ];
}

const REPORT = path.join('build', 'report', 'forgery.json');

async function main(): Promise<void> {
  const node = await startAnvil();
  try {
    const chain = await connectChain(node.url);
    try {
      const report = await forgeryReport({ keys: KEYS_DIRECTORY, contracts: CONTRACT_ARTIFACTS, chain }, (line) => console.log(line));
      await mkdir(path.dirname(REPORT), { recursive: true });
      await writeFileAtomically(REPORT, `${JSON.stringify(report, undefined, 1)}\n`);
      console.log(`\n${forgeryTable(report).join('\n')}\n\nin ${REPORT}`);
      if (report.faults.length > 0) throw new ForgeryReportError(`${report.faults.length} of ${report.faults.length + report.keys.length} keys are not to be relied on: see ${REPORT}`);
    } finally {
      chain.close();
    }
  } finally {
    await node.stop();
    await releaseCurves();
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await runTool(main);
