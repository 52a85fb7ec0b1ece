/** One input signal of a circuit: an integer (negative ones mean p - |x|), or an array of inputs. */
export type InputValue = bigint | readonly InputValue[];

/** All inputs of a circuit by signal name. Holds secrets: never logged, never written to a disk. */
export type CircuitInput = Readonly<Record<string, InputValue>>;
