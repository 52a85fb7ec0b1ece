import circuits from '../../../../circuits/circuits.json?raw';
import { sparsePoseidon } from '../../../commitment/poseidon-sparse.js';
import { CIRCUIT_LIST, parseCircuitList } from '../../../groth16/circuit-list-format.js';
import { useOneThread } from '../../../groth16/curves.js';
import { answer, type EngineContext } from './engine.js';
import type { Asked } from './protocol.js';

/** The part of a worker's global that is used; the page's own types know windows only. */
interface WorkerScope {
  postMessage(message: unknown): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<Asked>) => void): void;
}

const scope = self as unknown as WorkerScope;

const context: EngineContext = {
  poseidon: sparsePoseidon,
  circuits: parseCircuitList(circuits, CIRCUIT_LIST),
  tell: (told) => scope.postMessage(told),
};

// Threads of the curve library would be workers of a worker, and a policy as tight as the page's has no place for them.
const ready = useOneThread();
let before: Promise<unknown> = ready;

// One message after another, in order.
scope.addEventListener('message', ({ data }) => {
  before = before.then(() => answer(context, data));
});

// Widths that tables, leaves and paths use: what they are made from is worked out before anyone waits.
for (const inputs of [16, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) sparsePoseidon.hash(new Array<bigint>(inputs).fill(0n));
