import { ClearproofError } from './clearproof-error.js';

/** What was parsed; undefined for what is refused, where a later step reports why. Throws on what is no refusal. */
export function attempt<Value>(parse: () => Value): Value | undefined {
  try {
    return parse();
  } catch (thrown) {
    if (!(thrown instanceof ClearproofError)) throw thrown;
    return undefined;
  }
}
