import assert from 'node:assert/strict';
import { EventEmitter, getEventListeners } from 'node:events';
import { callSignal } from '../../../src/service/api/call-signal.js';

/** Signals made of this one by AbortSignal.any, which Node 20 remembers for ever. */
function dependantsOf(signal: AbortSignal): number {
  const symbol = Object.getOwnPropertySymbols(signal).find(({ description }) => description === 'kDependantSignals');
  return symbol === undefined ? 0 : (signal as unknown as Record<symbol, Set<unknown> | null>)[symbol]?.size ?? 0;
}

describe('the signal of a call', () => {
  it('leaves nothing behind at the server\'s own, however many calls there were', async () => {
    const closing = new AbortController();
    const warnings: Error[] = [];
    const warned = (warning: Error): void => void warnings.push(warning);
    process.on('warning', warned);
    const connections = Array.from({ length: 100 }, () => new EventEmitter());
    const signals = connections.map((connection) => callSignal(connection, closing.signal));
    assert.ok(signals.every(({ aborted }) => !aborted));
    for (const connection of connections) connection.emit('close');
    assert.ok(signals.every(({ aborted }) => aborted));
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', warned);
    assert.deepEqual([dependantsOf(closing.signal), getEventListeners(closing.signal, 'abort').length, warnings], [0, 0, []]);
  });

  it('fires when the server closes, and at once when it has', () => {
    const closing = new AbortController();
    const before = callSignal(new EventEmitter(), closing.signal);
    closing.abort();
    assert.deepEqual([before.aborted, callSignal(new EventEmitter(), closing.signal).aborted], [true, true]);
  });
});
