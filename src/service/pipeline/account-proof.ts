import { bulkPoseidon } from '../../commitment/poseidon-bulk.js';
import { ClearproofError } from '../../error/clearproof-error.js';
import { proofToJson } from '../../groth16/proof-json.js';
import type { Prover } from '../../groth16/prover.js';
import { circuitOfShape, describeShape } from '../../proving/account-circuits.js';
import { proveRowMark } from '../../proving/prove-account.js';
import { parseMarketTable } from '../../risk/market-table-json.js';
import { storeAccountProof, type AccountProofLease } from '../../store/account-proofs.js';
import { findMarketTable } from '../../store/market-tables.js';
import type { PipelineTools, StepResult } from './pipeline-tools.js';

/** A proof was asked for that no table or circuit of this service has. */
export class AccountProofRefusedError extends ClearproofError {
  readonly code = 'ACCOUNT_PROOF_REFUSED';
}

/** Makes a proof that needs nobody's secret: the mark of a row. */
export function accountProof(tools: Pick<PipelineTools, 'database' | 'catalogue' | 'prover'>): (work: { readonly lease: AccountProofLease; readonly signal: AbortSignal }) => Promise<StepResult> {
  return async ({ lease: { id, venue, location, request }, signal }) => {
    const stored = await findMarketTable(tools.database, venue, BigInt(request.market));
    if (stored === undefined) throw new AccountProofRefusedError(`no market table of this venue has commitment ${request.market}: list the tables first`, { market: request.market });
    const table = parseMarketTable(stored.body);
    const wanted = { template: 'RowMark', parameters: { S: table.scenarios.length } };
    const circuit = circuitOfShape(tools.catalogue, wanted);
    if (circuit === undefined) throw new AccountProofRefusedError(`circuits.json has no ${describeShape(wanted)}: make one for this table`, { market: request.market });
    const prover: Prover = { prove: (name, input) => tools.prover.prove(name, input, signal), close: () => Promise.resolve() };
    const { signals, proof } = await proveRowMark(prover, await bulkPoseidon(), circuit, location, table, request.row);
    const named = Object.fromEntries(Object.entries(signals).map(([name, value]) => [name, value.toString()]));
    const result = JSON.stringify({ circuit: circuit.name, signals: named, proof: proofToJson(proof) });
    return (sql) => storeAccountProof(sql, id, result);
  };
}
