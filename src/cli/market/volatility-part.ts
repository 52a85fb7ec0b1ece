import { volatilitySignerOf, type ReportTarget, type VolatilityReport } from '../../chain/signed-reports.js';
import { ClearproofError } from '../../error/clearproof-error.js';
import type { MarketTable } from '../../risk/market-table.js';
import { MAX_ROWS, MAX_UNIX_SECONDS, MAX_VOLATILITY } from '../../risk/table-rules.js';
import { JsonNode } from '../../venue/json-node.js';
import { readText } from '../files.js';
import { signature as signatureOf } from './price-report-file.js';

/** One signer's word for the volatilities of a round; docs/formats.md. */
export interface VolatilityPart {
  readonly round: number;
  /** Last second at which the board takes it, Unix seconds. */
  readonly deadline: number;
  /** ppm a year. */
  readonly volatilities: readonly bigint[];
  readonly signature: string;
}

/** What a submission says of volatilities' signatures. */
export interface SignedVolatilities {
  readonly volatilityDeadline: number;
  /** Signers ascending. */
  readonly volatilitySignatures: readonly string[];
}

/** Signatures that are not over this table's volatilities, at this round and board, or not all over one deadline. */
export class VolatilitySignatureError extends ClearproofError {
  readonly code = 'VOLATILITY_SIGNATURE';
}

/** Of the option rows in row order, ppm a year. */
export function volatilitiesOf({ rows }: MarketTable): bigint[] {
  return rows.flatMap(({ volatility }) => (volatility === undefined ? [] : [volatility]));
}

export function writeVolatilityPart({ round, deadline, volatilities, signature }: VolatilityPart): string {
  const content = { formatVersion: '1', round: round.toString(), deadline: deadline.toString(), volatilities: volatilities.map((one) => one.toString()), signature };
  return `${JSON.stringify(content, null, 2)}\n`;
}

/** Puts parts of several signers together. Without any, volatilities are the venue's. @throws VolatilitySignatureError, JsonShapeError */
export async function joinVolatilityParts(
  files: readonly string[], target: ReportTarget, report: Omit<VolatilityReport, 'deadline'>,
): Promise<SignedVolatilities> {
  const signed: { readonly signer: string; readonly signature: string }[] = [];
  let deadline = 0;
  for (const file of files) {
    const part = await readVolatilityPart(file);
    if (signed.length === 0) deadline = part.deadline;
    if (part.round !== report.round || part.deadline !== deadline || part.volatilities.join() !== report.volatilities.join()) {
      throw new VolatilitySignatureError(`${file} was signed for another round, deadline or volatilities than the others: have it signed again`, { file });
    }
    const signer = volatilitySignerOf(target, { ...report, deadline }, part.signature);
    if (signer === undefined) throw new VolatilitySignatureError(`${file} holds no signature: have it made again with "clearproof market sign-volatilities"`, { file });
    if (signed.some((one) => one.signer === signer)) throw new VolatilitySignatureError(`${file} is by ${signer} as another one is: name each signer once`, { file, signer });
    signed.push({ signer, signature: part.signature });
  }
  signed.sort((left, right) => (BigInt(left.signer) < BigInt(right.signer) ? -1 : 1));
  return { volatilityDeadline: deadline, volatilitySignatures: signed.map(({ signature }) => signature) };
}

async function readVolatilityPart(file: string): Promise<VolatilityPart> {
  const object = JsonNode.parse(await readText(file), { file }).object(['formatVersion', 'round', 'deadline', 'volatilities', 'signature']);
  object.field('formatVersion').choice(['1']);
  return {
    round: object.field('round').integer(1, Number.MAX_SAFE_INTEGER),
    deadline: object.field('deadline').integer(1, MAX_UNIX_SECONDS),
    volatilities: object.field('volatilities').list({ atLeast: 1, atMost: MAX_ROWS }).map((node) => node.bigInteger(1n, MAX_VOLATILITY)),
    signature: signatureOf(object.field('signature')),
  };
}
