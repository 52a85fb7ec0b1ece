import assert from 'node:assert/strict';
import { ClearproofError, messageOf } from '../../src/error/clearproof-error.js';

class SampleError extends ClearproofError {
  readonly code = 'SAMPLE';
}

describe('ClearproofError', () => {
  it('carries its code, its own class name, details and the cause', () => {
    const cause = new Error('disk');
    const error = new SampleError('cannot read', { row: 3 }, { cause });
    assert.equal(error.code, 'SAMPLE');
    assert.equal(error.name, 'SampleError');
    assert.deepEqual(error.details, { row: 3 });
    assert.equal(error.cause, cause);
    assert.ok(error instanceof Error);
  });

  it('turns into JSON with integers as strings and without stack or cause', () => {
    const error = new SampleError('too large', { value: 2n ** 70n, file: 'a.csv', row: 1 }, { cause: new Error('inner') });
    assert.deepEqual(JSON.parse(JSON.stringify(error)), {
      code: 'SAMPLE',
      message: 'too large',
      details: { value: '1180591620717411303424', file: 'a.csv', row: 1 },
    });
  });

  it('finds the text of anything thrown', () => {
    assert.equal(messageOf(new Error('broken')), 'broken');
    assert.equal(messageOf('a text'), 'a text');
    assert.equal(messageOf(undefined), 'undefined');
  });
});
