import assert from 'node:assert/strict';
import { ProgressMeter, type Progress } from '../../src/proving/progress.js';

describe('the progress meter', () => {
  let clock: number;
  let seen: Progress[];
  const meter = (total: number): ProgressMeter => new ProgressMeter(Array<number>(total).fill(7), (progress) => seen.push(progress), () => clock);
  const last = (): Progress => seen[seen.length - 1] as Progress;
  beforeEach(() => {
    clock = 1_000_000;
    seen = [];
  });

  it('estimates the rest from the pieces made so far', () => {
    const pieces = meter(10);
    clock += 4_000;
    pieces.advance(0, false);
    assert.deepEqual(last(), { done: 1, total: 10, resumed: 0, elapsedSeconds: 4, remainingSeconds: 36 });
    clock += 2_000;
    pieces.advance(1, false);
    assert.deepEqual(last(), { done: 2, total: 10, resumed: 0, elapsedSeconds: 6, remainingSeconds: 24 });
  });

  it('says nothing about the rest before the first piece is made', () => {
    const pieces = meter(3);
    clock += 500;
    pieces.advance(0, true);
    assert.deepEqual(last(), { done: 1, total: 3, resumed: 1, elapsedSeconds: 0.5, remainingSeconds: undefined });
  });

  it('takes neither pieces found nor the time of finding them for speed', () => {
    const pieces = meter(100);
    for (let found = 0; found < 90; found += 1) {
      clock += 100;
      pieces.advance(found, true);
    }
    clock += 5_000;
    pieces.advance(90, false);
    assert.deepEqual(last(), { done: 91, total: 100, resumed: 90, elapsedSeconds: 14, remainingSeconds: 45 });
  });

  it('ends with nothing left', () => {
    const pieces = meter(2);
    clock += 3_000;
    pieces.advance(0, false);
    clock += 3_000;
    pieces.advance(1, false);
    assert.equal(last().remainingSeconds, 0);
  });

  it('weighs pieces by what they cost', () => {
    const pieces = new ProgressMeter([30, 10, 20, 40], (progress) => seen.push(progress), () => clock);
    clock += 100;
    pieces.advance(3, true);
    clock += 1_000;
    pieces.advance(1, false);
    assert.deepEqual(last(), { done: 2, total: 4, resumed: 1, elapsedSeconds: 1.1, remainingSeconds: 5 });
    clock += 5_000;
    pieces.advance(0, false);
    assert.equal(last().remainingSeconds, 3);
  });
});
