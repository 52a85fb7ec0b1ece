import { promises, writeSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';

// node --import THIS …: ends the process by SIGKILL, as the end of its machine would, right after the file of path KILLED_ONCE_WRITTEN
// has got its name. Whoever watches from outside may look too late: a small circuit's next key is there within milliseconds.
const path = process.env['KILLED_ONCE_WRITTEN'];
const { rename } = promises;

promises.rename = async (from, to) => {
  await rename(from, to);
  if (path === undefined || join(String(to)) !== join(path)) return;
  writeSync(process.stderr.fd, `killed once ${path} was written\n`);
  process.kill(process.pid, 'SIGKILL');
  // The signal may take a moment; nothing of this process may happen in it.
  await new Promise(() => undefined);
};
syncBuiltinESMExports();
