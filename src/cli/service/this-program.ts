import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CIRCUIT_LIST, readCircuitList } from '../../groth16/circuit-list.js';
import { jsonLog, type LogLevel } from '../../service/run/json-log.js';
import type { Program } from '../../service/run/service-parts.js';
import { projectRoot } from '../project.js';

/** This program, as a service has it. Log lines go to standard error. */
export async function thisProgram(level: LogLevel): Promise<Program> {
  const { name, version } = JSON.parse(await readFile(join(projectRoot(), 'package.json'), 'utf8')) as { name: string; version: string };
  return {
    version: `${name} ${version}`,
    catalogue: await readCircuitList(join(projectRoot(), CIRCUIT_LIST)),
    log: jsonLog(level, (line) => process.stderr.write(line)),
  };
}
