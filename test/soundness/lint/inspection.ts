import { readCircuitList, type CircuitUse } from '../../../src/groth16/circuit-list.js';
import { writeMain } from '../../../src/toolchain/circom.js';
import { runCircom } from '../mutation/compiler.js';
import type { Finding } from './source-rules.js';

const FOLDER = 'build/soundness/inspection';

/**
 * Warnings of `circom --inspect`, each once, for the circuits of the given uses.
 *
 * @param libraries folders of circomlib and of the circuits
 * @throws Error when a circuit does not compile
 */
export async function inspectCircuits(uses: readonly CircuitUse[], libraries: readonly string[] = ['node_modules', 'circuits']): Promise<Finding[]> {
  const found = new Map<string, Finding>();
  for (const { name, source, template, parameters, publicSignals, use } of await readCircuitList()) {
    if (!uses.includes(use)) continue;
    const main = `${FOLDER}/${name}.circom`;
    await writeMain(main, { source, template, parameters: parameters.map(({ value }) => value), publicInputs: publicSignals });
    const { succeeded, output } = await runCircom([main, '--inspect', '--O1', ...libraries.flatMap((library) => ['-l', library])]);
    if (!succeeded) throw new Error(`circom --inspect refused ${name}:\n${output}`);
    for (const finding of parseWarnings(output)) found.set(`${finding.rule} ${finding.where} ${finding.what}`, finding);
  }
  return [...found.values()];
}

/** Parameters and counts are left out of what is said, so that a warning is one for all shapes. */
export function parseWarnings(output: string): Finding[] {
  // eslint-disable-next-line no-control-regex -- circom colours its messages with escape sequences
  const plain = output.replaceAll(/\u001b\[[0-9;]*m/g, '');
  return [...plain.matchAll(/^warning\[(\w+)\]: (?:In template "(\w+)[^"]*": )?([^\n]*)/gm)].map(([, rule, template, text]) => ({
    rule: rule as string, where: template ?? '', what: (text as string).replace(/contains a total of \d+ signals that do/, 'contains signals that do').replaceAll(/\[\d+\]/g, '[]'),
  }));
}
