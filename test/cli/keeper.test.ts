import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addKeeperCommands } from '../../src/cli/keeper/keeper-command.js';
import { inProcess } from './commands-in-process.js';
import { errorOf, temporaryFolder } from './program.js';

describe('clearproof keeper', () => {
  it('refuses a configuration that it does not read before it asks any chain, and names file and field', async () => {
    const keeper = inProcess(addKeeperCommands);
    const { folder, remove } = await temporaryFolder();
    try {
      const file = join(folder, 'keeper.json');
      await writeFile(file, JSON.stringify({ format: 'clearproof-keeper', version: 1, stateFile: 's', tables: 't', pollSeconds: '0', maxGasPrice: '1', challenger: {} }));
      for (const command of ['run', 'check']) {
        const ended = await keeper('--json', 'keeper', command, '--config', file, '--deployment', 'none.json', '--rpc', 'http://127.0.0.1:9', '--key-file', 'none.key');
        const { code, message } = errorOf(ended);
        assert.deepEqual([ended.code, code], [1, 'JSON_SHAPE']);
        assert.match(message, /keeper\.json.*pollSeconds: 0 is out of range/);
      }
    } finally {
      await remove();
    }
  });
});
