import circuits from '../../../circuits/circuits.json?raw';
import { sparsePoseidon } from '../../commitment/poseidon-sparse.js';
import { CIRCUIT_LIST, parseCircuitList } from '../../groth16/circuit-list-format.js';
import { useOneThread } from '../../groth16/curves.js';
import depegs from '../../risk/stress/sets/depegs.json?raw';
import historicalDays from '../../risk/stress/sets/historical-days.json?raw';
import uniformMoves from '../../risk/stress/sets/uniform-moves.json?raw';
import volatilitySpikes from '../../risk/stress/sets/volatility-spikes.json?raw';
import { parseStressSet } from '../../risk/stress/stress-set.js';
import { answer } from './engine.js';
import type { BoardRequest } from './protocol.js';

/** The part of a worker's global that is used; the page's own types know windows only. */
interface WorkerScope {
  postMessage(message: unknown): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<BoardRequest>) => void): void;
}

const scope = self as unknown as WorkerScope;

const SETS = { 'depegs.json': depegs, 'historical-days.json': historicalDays, 'uniform-moves.json': uniformMoves, 'volatility-spikes.json': volatilitySpikes };

const context = {
  poseidon: sparsePoseidon,
  circuits: parseCircuitList(circuits, CIRCUIT_LIST),
  // The sets that come with the page, whose hash covers them: not the venue's own.
  sets: Object.entries(SETS).map(([file, text]) => parseStressSet(text, file)),
};

// Threads of the curve library would be workers of a worker, and a policy as tight as the page's has no place for them.
const ready = useOneThread();

scope.addEventListener('message', ({ data }) => {
  void ready.then(() => answer(data, context, (told) => scope.postMessage(told)));
});
