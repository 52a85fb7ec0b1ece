import assert from 'node:assert/strict';
import { OpenEpochs } from '../../../src/service/receipts/open-epochs.js';

describe('epochs that are held open', () => {
  function recorder(most: number): { readonly log: string[]; readonly epochs: OpenEpochs<string> } {
    const log: string[] = [];
    const epochs = new OpenEpochs((epoch) => {
      log.push(`open ${epoch}`);
      return Promise.resolve(`value ${epoch}`);
    }, (value) => {
      log.push(`shut ${value}`);
      return Promise.resolve();
    }, most);
    return { log, epochs };
  }
  const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  it('are opened once for all who ask at once, and stay open', async () => {
    const { log, epochs } = recorder(2);
    const values = await Promise.all([1n, 1n, 1n].map((epoch) => epochs.use(epoch, (value) => Promise.resolve(value))));
    assert.deepEqual([values, log], [['value 1', 'value 1', 'value 1'], ['open 1']]);
  });

  it('are closed when others are used more, the least recently used first', async () => {
    const { log, epochs } = recorder(2);
    for (const epoch of [1n, 2n, 1n, 3n]) await epochs.use(epoch, () => Promise.resolve());
    await settled();
    assert.deepEqual(log, ['open 1', 'open 2', 'open 3', 'shut value 2']);
  });

  it('are not closed while they are in use', async () => {
    const { log, epochs } = recorder(1);
    let end: () => void = () => undefined;
    const using = epochs.use(1n, () => new Promise<void>((resolve) => (end = resolve)));
    await settled();
    await epochs.use(2n, () => Promise.resolve());
    await epochs.forget(1n);
    assert.deepEqual(log, ['open 1', 'open 2']);
    end();
    await using;
    assert.deepEqual(log, ['open 1', 'open 2', 'shut value 1']);
    await epochs.closeAll();
    assert.deepEqual(log.at(-1), 'shut value 2');
  });

  it('are tried again after they could not be opened', async () => {
    let tries = 0;
    const epochs = new OpenEpochs(() => (tries++ === 0 ? Promise.reject(new Error('no disk')) : Promise.resolve('value')), () => Promise.resolve());
    await assert.rejects(epochs.use(1n, () => Promise.resolve()), /no disk/);
    assert.equal(await epochs.use(1n, (value) => Promise.resolve(value)), 'value');
  });
});
