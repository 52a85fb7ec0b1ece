import { Laboratory } from './verdict.js';
import type { Mutant } from './operators.js';
import { allTargets } from './targets.js';

// Judges mutants for its parent, which ends it when a mutant sends the compiler into an endless loop.
const laboratory = await Laboratory.open(process.argv[2] as string, await allTargets());
process.on('message', (mutant: Mutant) => {
  laboratory.judge(mutant).then((verdict) => process.send?.(verdict), (error: unknown) => { throw error; });
});
process.send?.('ready');
