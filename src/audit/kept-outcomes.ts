import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalSha256, canonicalText, type JsonValue } from '../attestation/canonical-json.js';
import { SECRET_FILE, writeFileAtomically } from '../file/atomic-file.js';
import { FINDINGS, finding, type AuditFinding } from './audit-finding.js';
import type { EpochJob, EpochOutcome } from './epoch-outcome.js';
import { toJsonValue } from './plain-json.js';

/** Of what is kept and how it is computed: results of another version are computed again. */
const KEPT_VERSION = '1';
const KEY_BYTES = 32;

interface KeptFile {
  readonly inputs: string;
  readonly outcome: JsonValue;
  readonly seal: string;
}

/** SHA-256 over everything an outcome is computed from, the program's version among it. */
export function inputsOf(job: EpochJob, program: string): string {
  return canonicalSha256(toJsonValue({ version: KEPT_VERSION, program, job }));
}

/**
 * Outcomes of verified epochs in a folder, so that an audit that was stopped goes on. Each file is sealed with a key that only its owner can
 * read: one that somebody else wrote or changed counts as not there.
 */
export class KeptOutcomes {
  private constructor(private readonly folder: string, private readonly key: Buffer) {}

  static async open(folder: string): Promise<KeptOutcomes> {
    const file = join(folder, 'seal.key');
    const known = await readFile(file).catch(() => undefined);
    if (known?.length === KEY_BYTES) return new KeptOutcomes(folder, known);
    const key = randomBytes(KEY_BYTES);
    await writeFileAtomically(file, key, SECRET_FILE);
    return new KeptOutcomes(folder, key);
  }

  /** Undefined unless it was computed from exactly these inputs and is whole. */
  async find(epoch: number, inputs: string): Promise<EpochOutcome | undefined> {
    try {
      const kept = JSON.parse(await readFile(this.fileOf(epoch), 'utf8')) as KeptFile;
      const [got, expected] = [Buffer.from(kept.seal, 'hex'), this.seal(kept.inputs, kept.outcome)];
      if (kept.inputs !== inputs || got.length !== expected.length || !timingSafeEqual(got, expected)) return undefined;
      return outcomeFrom(kept.outcome as unknown as KeptOutcome);
    } catch {
      // Not there, cut off or of another form: it is verified again.
      return undefined;
    }
  }

  async keep(inputs: string, outcome: EpochOutcome): Promise<void> {
    const value = toJsonValue(outcome);
    const file: KeptFile = { inputs, outcome: value, seal: this.seal(inputs, value).toString('hex') };
    await writeFileAtomically(this.fileOf(outcome.epoch), canonicalText(file as unknown as JsonValue));
  }

  private seal(inputs: string, outcome: JsonValue): Buffer {
    return createHmac('sha256', this.key).update(`${inputs}\n${canonicalText(outcome)}`).digest();
  }

  private fileOf(epoch: number): string {
    return join(this.folder, `epoch-${epoch}.json`);
  }
}

type KeptFinding = { readonly code: AuditFinding['code']; readonly epoch?: string; readonly detail: string };

interface KeptOutcome {
  readonly epoch: string;
  readonly source: EpochOutcome['source'];
  readonly proofs: string;
  readonly steps: EpochOutcome['steps'];
  readonly findings: readonly KeptFinding[];
  readonly stress: readonly { readonly set: string; readonly scenario: string; readonly unhealthyBound: string; readonly shortfall: string }[];
}

function outcomeFrom({ epoch, source, proofs, steps, findings, stress }: KeptOutcome): EpochOutcome {
  return {
    epoch: Number(epoch), source, proofs: Number(proofs), steps,
    findings: findings.filter(({ code }) => Object.hasOwn(FINDINGS, code)).map(({ code, epoch: of, detail }) => finding(code, of === undefined ? undefined : Number(of), detail)),
    stress: stress.map((one) => ({ ...one, unhealthyBound: BigInt(one.unhealthyBound), shortfall: BigInt(one.shortfall) })),
  };
}
