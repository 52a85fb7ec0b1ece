import { join, resolve } from 'node:path';
import { buildPath } from '../project.js';

/** Which keys and contracts a demo runs on, and where its files go. */
export interface DemoFolders {
  /** Proving keys and their manifest. */
  readonly keys: string;
  /** Compiled contracts; their verifiers hold these keys. */
  readonly contracts: string;
  /** Emptied at the start. */
  readonly work: string;
  /** Figures, audit and board. */
  readonly report: string;
}

/** @param name of the demo @param build a folder laid out like build/, which is taken unless told */
export function demoFolders(name: string, build?: string): DemoFolders {
  const root = build === undefined ? buildPath() : resolve(build);
  return { keys: join(root, 'keys'), contracts: join(root, 'contracts'), work: join(root, name), report: join(root, 'report') };
}
