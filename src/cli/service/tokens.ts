import { Option, type Command } from 'commander';
import type { Role } from '../../service/operations.js';
import { createSecretFile, refuseExisting } from '../files.js';
import { positiveNumber } from '../options.js';
import { orDash, showList } from './show.js';
import { examples, withTarget, type ServiceCommands, type TargetOptions } from './target.js';

interface CreateOptions extends TargetOptions {
  readonly role: Role;
  readonly user?: string;
  readonly label: string;
  readonly days?: number;
  readonly out: string;
}

export function addTokenCommands(service: Command, commands: ServiceCommands): void {
  const tokens = service.command('tokens').description('access tokens');
  const create = withTarget(tokens.command('create'));
  create.description('make an access token and write it to a file of mode 600; only its hash is kept')
    .addOption(new Option('--role <role>', 'what it may do').choices(['operator', 'publisher', 'auditor', 'user']).makeOptionMandatory())
    .option('--user <id>', 'whose receipts it opens; for role user')
    .requiredOption('--label <text>', 'who has it, for the list')
    .option('--days <n>', 'days until it expires', positiveNumber)
    .requiredOption('--out <file>', 'where the token goes')
    .addHelpText('after', examples('tokens create --role auditor --label "auditor 2026" --days 90 --out auditor.token'))
    .action(commands.asking(async (operations, output, { role, user, label, days, out }: CreateOptions) => {
      const { token, ...summary } = await operations.createToken({ role, label, ...(user === undefined ? {} : { userId: user }), ...(days === undefined ? {} : { days }) });
      await createSecretFile(out, `${token}\n`);
      output.say(`token ${summary.id} for ${role} in ${out}, ${summary.expiresAt === null ? 'without expiry' : `until ${summary.expiresAt}`}`);
      output.result({ ...summary, file: out });
    }, async ({ role, user, out }) => {
      if ((role === 'user') !== (user !== undefined)) create.error('error: --user is needed for role user, and for no other');
      await refuseExisting(out);
    }));
  withTarget(tokens.command('list').description('access tokens, never the tokens themselves'))
    .addHelpText('after', examples('tokens list'))
    .action(commands.asking(async (operations, output) => showList(
      output, await operations.tokens(), ['token', 'role', 'label', 'user', 'expires', 'revoked'],
      ({ id, role, label, userId, expiresAt, revokedAt }) => [id, role, label, orDash(userId), orDash(expiresAt), orDash(revokedAt)], 'no token: make one with "clearproof service tokens create"',
    )));
  withTarget(tokens.command('revoke').description('end a token at once'))
    .requiredOption('--id <id>', 'as "tokens list" shows it')
    .addHelpText('after', examples('tokens revoke --id 0f0e…'))
    .action(commands.asking(async (operations, output, { id }: TargetOptions & { id: string }) => {
      const revoked = await operations.revokeToken(id);
      output.say(`token ${revoked.id} of ${revoked.label} revoked at ${orDash(revoked.revokedAt)}`);
      output.result(revoked);
    }));
}
