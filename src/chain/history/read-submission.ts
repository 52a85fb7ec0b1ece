import type { Result } from 'ethers';
import type { Groth16Proof } from '../../groth16/proof.js';
import type { EpochSubmission } from '../epoch-submission.js';
import { objectOrNull } from '../node-answers.js';
import { REGISTRY_INTERFACE } from '../registry-abi.js';
import { RpcReader, type RpcLimits, type RpcSource } from './rpc-source.js';

/**
 * The epoch as the transaction that submitted it holds it: proofs, accumulators and figures, but no market table. Undefined where the
 * node does not have the transaction, or it reached the registry through another contract.
 */
export async function readSubmission(source: RpcSource, transaction: string, venueId: bigint, epoch: number, limits: RpcLimits = {}): Promise<EpochSubmission | undefined> {
  const method = 'eth_getTransactionByHash';
  const input = objectOrNull(method, await new RpcReader(source, limits).ask(method, [transaction]))?.['input'];
  if (typeof input !== 'string') return undefined;
  try {
    const call = REGISTRY_INTERFACE.parseTransaction({ data: input });
    if (call?.name !== 'submitEpoch' || call.args[0] !== venueId) return undefined;
    const submission = submissionFrom(call.args[1] as Result);
    return submission.epoch === epoch ? submission : undefined;
  } catch {
    // The bytes are a call of another contract, which passed the epoch on.
    return undefined;
  }
}

function submissionFrom(from: Result): EpochSubmission {
  const close = from.getValue('close') as Result;
  const value = <Value>(of: Result, name: string): Value => of.getValue(name) as Value;
  return {
    epoch: Number(value<bigint>(from, 'epoch')), marketCommitment: value(from, 'marketCommitment'), genesisAccumulator: value(from, 'genesisAccumulator'),
    batches: [...value<readonly Result[]>(from, 'batches')].map((batch) => ({ circuitId: value(batch, 'circuitId'), proof: proofFrom(value(batch, 'proof')), accumulatorAfter: value(batch, 'accumulatorAfter') })),
    close: {
      circuitId: value(close, 'circuitId'), proof: proofFrom(value(close, 'proof')), accountsRoot: value(close, 'accountsRoot'), accountsBound: value(close, 'accountsBound'),
      unhealthyBound: value(close, 'unhealthyBound'), shortfall: value(close, 'shortfall'), tableStart: value(close, 'tableStart'),
      parts: [...value<readonly Result[]>(close, 'parts')].map((part) => ({ circuitId: value(part, 'circuitId'), proof: proofFrom(value(part, 'proof')), tableAfter: value(part, 'tableAfter') })),
    },
    words: [...value<readonly bigint[]>(from, 'words')],
  };
}

/** Solidity's pairing takes the u part of each coordinate of `b` first. */
function proofFrom(proof: Result): Groth16Proof {
  const [a, b, c] = proof.toArray(true) as [[bigint, bigint], [[bigint, bigint], [bigint, bigint]], [bigint, bigint]];
  return { a: [a[0], a[1]], b: [[b[0][1], b[0][0]], [b[1][1], b[1][0]]], c: [c[0], c[1]] };
}
