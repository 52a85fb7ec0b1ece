import { ContractRevertedError } from '../../chain/errors.js';
import { ClearproofError } from '../../error/clearproof-error.js';
import type { Output } from '../output.js';
import { ForgeryAcceptedError } from './forgery.js';

export function heading(output: Output, title: string): void {
  output.say();
  output.say(`== ${title}`);
}

/** Name of the error that a contract refuses with. @throws ForgeryAcceptedError when it does not */
export async function refusalOf(what: string, send: () => Promise<unknown>): Promise<string> {
  try {
    await send();
  } catch (error) {
    if (error instanceof ContractRevertedError) return error.errorName ?? 'no reason';
    throw error;
  }
  throw new ForgeryAcceptedError(`${what} was accepted`);
}

/** What is said of a proof that cannot be made. @throws ForgeryAcceptedError when it can */
export async function untrue(prove: () => Promise<unknown>): Promise<string> {
  try {
    await prove();
  } catch (error) {
    if (error instanceof ClearproofError) return error.code;
    throw error;
  }
  throw new ForgeryAcceptedError('an untrue statement was proven');
}
