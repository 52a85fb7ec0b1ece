import type { BalanceReport } from './balance-steps.js';
import type { VerificationReport } from './report.js';

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** A report for `--json` and other programs: integers as strings, `margin` null when there is none. */
export function reportToJson(report: VerificationReport): Json {
  return plain({ ...report, margin: report.margin ?? null });
}

/** The same of a balance receipt, which has no margin. */
export function balanceReportToJson(report: BalanceReport): Json {
  return plain(report);
}

function plain(value: unknown): Json {
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
  return value as Json;
}
