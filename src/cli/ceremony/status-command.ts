import type { Command } from 'commander';
import { readCeremony, requireWhole, type CeremonyState } from '../../ceremony/ceremony-folder.js';
import type { Runner } from '../runner.js';
import { withCeremony, type CeremonyOptions } from './ceremony-options.js';

export function addStatusCommand(ceremony: Command, run: Runner): void {
  withCeremony(ceremony.command('status').description('show what a ceremony\'s folder says of itself, and what comes next; verifies no key'))
    .addHelpText('after', '\nExample:\n  clearproof ceremony status --ceremony ceremony')
    .action(run(async (output, options: CeremonyOptions) => {
      const state = await readCeremony(options.ceremony);
      const { plan, records, announcement } = state;
      const { value } = plan;
      output.say(`ceremony "${value.title}" (${value.id}), started ${dateOf(value.startedAt)}`);
      output.say(`phase 1: ${value.phaseOne.file}${value.phaseOne.published ? '' : ', INSECURE: not a published file'}`);
      output.say(`circuits: ${value.circuits.map(({ name }) => name).join(', ')}`);
      // Times are by each contributor's clock: they order nothing.
      records.forEach(({ value: record, sha256 }) => output.say(
        `  ${record.index}. ${record.contributor}, ${dateOf(record.madeAt)} by their clock, ${record.signature === undefined ? 'not signed' : `signature of ${record.signature.address} (not checked here)`}, ${sha256}`,
      ));
      if (announcement !== undefined) output.say(`beacon: block ${announcement.value.block} of chain ${announcement.value.chainId}`);
      const next = nextStep(state);
      output.say(`next: ${next}`);
      output.result({
        plan: value, planSha256: plan.sha256, records: records.map((record) => ({ sha256: record.sha256, record: record.value })),
        ...(announcement === undefined ? {} : { announcement: announcement.value, announcementSha256: announcement.sha256 }), next,
      });
    }));
}

function nextStep(state: CeremonyState): string {
  const { records, announcement, plan } = state;
  const last = records.at(-1)?.value;
  if (last?.kind === 'beacon') return 'verify, then finalise';
  if (announcement !== undefined) {
    requireWhole(state);
    return `beacon, once block ${announcement.value.block} is there and old enough`;
  }
  const missing = plan.value.minimumContributions - (last?.index ?? 0);
  return missing > 0 ? `contribute; at least ${missing} more ${missing === 1 ? 'contribution is' : 'contributions are'} needed` : 'contribute, or announce the beacon';
}

function dateOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}
