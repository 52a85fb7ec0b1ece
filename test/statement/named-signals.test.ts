import assert from 'node:assert/strict';
import { FIELD_MODULUS, FieldRangeError } from '../../src/field/scalar-field.js';
import { SignalsShapeError, nameSignals, orderSignals } from '../../src/statement/named-signals.js';
import { SOLVENCY_BATCH_SIGNALS } from '../../src/statement/solvency-batch.js';
import { SOLVENCY_CLOSE_SIGNALS } from '../../src/statement/solvency-close.js';

for (const [circuit, names] of [['solvency-batch', SOLVENCY_BATCH_SIGNALS], ['solvency-close', SOLVENCY_CLOSE_SIGNALS]] as const) {
  describe(`the public signals of ${circuit}`, () => {
    const list: readonly string[] = names;
    const values = list.map((_, place) => BigInt(100 + place));

    it('keep their values from list to names and back', () => {
      const named = nameSignals(list, values);
      assert.deepEqual(Object.keys(named), list);
      assert.deepEqual(orderSignals(list, named), values);
    });

    for (const [name, wrong] of [['one too few', values.slice(1)], ['one too many', [...values, 1n]], ['none', []]] as const) {
      it(`refuse ${name}`, () => {
        assert.throws(() => nameSignals(list, wrong), (thrown) => thrown instanceof SignalsShapeError && thrown.message.includes(`has ${wrong.length} public signals, its circuit has ${list.length}`));
      });
    }

    list.forEach((signal, place) => {
      for (const value of [FIELD_MODULUS, -1n, 2n ** 256n - 1n]) {
        it(`refuse ${signal} = ${value === FIELD_MODULUS ? 'p' : value < 0n ? '-1' : '2^256 - 1'}, in a list and by name`, () => {
          const outside = values.map((honest, at) => (at === place ? value : honest));
          const named = Object.fromEntries(list.map((name, at) => [name, outside[at] as bigint]));
          for (const act of [() => nameSignals(list, outside), () => orderSignals(list, named)]) {
            assert.throws(act, (thrown) => thrown instanceof FieldRangeError && thrown.message.startsWith(`public signal ${signal} is not a field element`));
          }
        });
      }
    });
  });
}
