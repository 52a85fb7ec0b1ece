import assert from 'node:assert/strict';
import { ContractRevertedError } from '../../src/chain/errors.js';
import { faultFields, jsonLines } from '../../src/keeper/keeper-log.js';

describe('a keeper\'s log', () => {
  it('writes one JSON object a line, integers of any size as text', () => {
    const lines: string[] = [];
    jsonLines((line) => void lines.push(line), () => 1_000).warn('action-sent', { handle: 2n ** 63n, gas: 5n, again: true });
    assert.deepEqual(lines, ['{"level":"warn","time":"1970-01-01T00:00:01.000Z","event":"action-sent","handle":"9223372036854775808","gas":"5","again":true}\n']);
  });

  it('[P-260] tells of a fault its code and the contract\'s refusal, and no sentence', () => {
    const fields = faultFields(new ContractRevertedError('taking', 'PriceTooLow', { offered: '77' }, { cause: new Error('node says 77') }));
    assert.deepEqual(fields, { code: 'CONTRACT_REVERTED', refusal: 'PriceTooLow' });
    assert.deepEqual(faultFields(new RangeError('quantity 77')), { code: 'DEFECT', name: 'RangeError' });
    assert.deepEqual(faultFields('77'), { code: 'DEFECT', name: 'string' });
  });
});
