import assert from 'node:assert/strict';
import { clearproof, errorOf, twoAtATime } from './program.js';

const CHAIN = ['--deployment', 'missing.json', '--rpc', 'http://127.0.0.1:1', '--key-file', 'missing'];

/** Every command, with what makes it fail before it does anything. */
const COMMANDS: readonly (readonly [command: readonly string[], wrong: readonly string[], code: string])[] = [
  [['verify'], ['--attestation', 'missing.json'], 'FILE_READ'],
  [['board'], ['--rpc', 'http://127.0.0.1:1', '--registry', `0x${'a'.repeat(40)}`, '--venue', '1', '--attestations', 'missing'], 'FILE_READ'],
  [['owner', 'new'], ['--out', 'circuits/circuits.json'], 'OWNER_FILE_EXISTS'],
  [['stress', 'run'], ['--snapshot', 'missing', '--out', 'missing'], 'SNAPSHOT_FOLDER'],
  [['stress', 'prove'], ['--epoch-dir', 'missing', '--scenario', 'down-30'], 'PLAN_FILE'],
  [['stress', 'verify'], ['missing.json', '--attestation', 'missing.json'], 'FILE_READ'],
  [['snapshot', 'import'], ['--input', 'missing.csv', '--market', 'missing.json', '--out', 'missing'], 'FILE_READ'],
  [['snapshot', 'check'], ['--input', 'missing.csv', '--market', 'missing.json'], 'FILE_READ'],
  [['snapshot', 'report'], ['--snapshot', 'missing'], 'SNAPSHOT_FOLDER'],
  [['risk', 'import'], ['--mapping', 'missing.json', '--source', 'missing.json', '--out', 'missing.json'], 'FILE_READ'],
  [['generate'], ['--slots', '1', '--out', 'missing'], 'SYNTHETIC_VENUE'],
  [['simulate'], ['--data', 'missing', '--out', 'missing'], 'PRICE_FOLDER'],
  [['keys'], ['--keys', 'missing'], 'KEY_MISSING'],
  [['deploy'], ['--config', 'missing.json', '--rpc', 'http://127.0.0.1:1', '--key-file', 'missing', '--circuits', 'a,b', '--stated', '--out', 'missing.json'], 'FILE_READ'],
  [['prove'], ['--snapshot', 'missing', '--deployment', 'missing.json', '--epoch', '1', '--circuits', 'a,b', '--out', 'missing'], 'DEPLOYMENT_FILE'],
  [['open'], ['--deployment', 'missing.json', '--rpc', 'http://127.0.0.1:1', '--key-file', 'missing'], 'DEPLOYMENT_FILE'],
  [['state-market'], ['--epoch-dir', 'missing', '--deployment', 'missing.json', '--rpc', 'http://127.0.0.1:1', '--key-file', 'missing'], 'FILE_READ'],
  [['publish'], ['--epoch-dir', 'missing', '--deployment', 'missing.json', '--rpc', 'http://127.0.0.1:1', '--key-file', 'missing'], 'FILE_READ'],
  [['market', 'rules'], ['--config', 'missing.json', ...CHAIN], 'FILE_READ'],
  [['market', 'propose'], ['--config', 'docs/examples/boards.json', '--parameters', 'missing.json', ...CHAIN], 'FILE_READ'],
  [['market', 'activate'], ['--config', 'docs/examples/boards.json', '--parameters', 'docs/examples/parameters.json', ...CHAIN], 'DEPLOYMENT_FILE'],
  [['market', 'round'], ['--config', 'docs/examples/boards.json', '--out', 'missing/round.json', ...CHAIN], 'DEPLOYMENT_FILE'],
  [['market', 'sign-volatilities'], ['--round', 'missing.json', '--table', 'missing.json', '--out', 'missing/part.json', ...CHAIN], 'FILE_READ'],
  [['market', 'accept'], ['--parameters', 'docs/examples/parameters.json', '--round', 'missing.json', '--table', 'missing.json', '--circuit', 'a', ...CHAIN], 'FILE_READ'],
  [['market', 'guard'], CHAIN, 'DEPLOYMENT_FILE'],
  [['account', 'prove-signer'], ['--receipt', 'missing.json', '--owner', 'missing.json', '--signer', `0x${'a'.repeat(40)}`, '--out', 'missing.json'], 'FILE_READ'],
  [['account', 'sign-order'], ['--receipt', 'missing.json', '--sequence', '1', '--order-digest', `0x${'a'.repeat(64)}`, '--out', 'missing.json', ...CHAIN], 'FILE_READ'],
  [['vault', 'check-signer'], ['--receipt', 'missing.json', '--proof', 'missing.json', ...CHAIN.slice(0, 4)], 'FILE_READ'],
  [['balance', 'sign'], ['--accounts', 'missing.ndjson', '--market', 'missing.json', '--issued-at', '1', '--valid-for', '1', '--out', 'missing.json', ...CHAIN], 'FILE_READ'],
  [['balance', 'check'], ['missing.json'], 'FILE_READ'],
  [['balance', 'order'], ['--balance', 'missing.json', '--sequence', '1', '--order-digest', `0x${'a'.repeat(64)}`, '--out', 'missing.json', ...CHAIN], 'FILE_READ'],
  [['balance', 'signer', 'name'], ['--signer', `0x${'a'.repeat(40)}`, ...CHAIN], 'DEPLOYMENT_FILE'],
  [['balance', 'signer', 'retire'], ['--signer', `0x${'a'.repeat(40)}`, ...CHAIN], 'DEPLOYMENT_FILE'],
  [['challenge', 'open'], ['--balance', 'missing.json', ...CHAIN], 'FILE_READ'],
  [['challenge', 'answer'], ['--challenge', '1', '--request', '1', ...CHAIN], 'DEPLOYMENT_FILE'],
  [['challenge', 'settle'], ['--challenge', '1', ...CHAIN], 'DEPLOYMENT_FILE'],
  [['challenge', 'reclaim'], ['--challenge', '1', ...CHAIN], 'DEPLOYMENT_FILE'],
  [['challenge', 'show'], CHAIN.slice(0, 4), 'DEPLOYMENT_FILE'],
  [['config', 'check'], ['--config', 'missing.json'], 'CONFIG_READ'],
  [['serve'], ['--config', 'missing.json'], 'CONFIG_READ'],
  [['worker'], ['--config', 'missing.json'], 'CONFIG_READ'],
  [['publisher'], ['--config', 'missing.json'], 'CONFIG_READ'],
  [['service', 'epochs', 'list'], ['--service', 'http://127.0.0.1:1', '--token-file', 'missing'], 'FILE_READ'],
  [['service', 'pin'], ['--config', 'missing.json'], 'CONFIG_READ'],
  [['receipt'], ['--epoch-dir', 'missing', '--user', 'alice', '--out', 'missing.json'], 'PLAN_FILE'],
];

const DEPLOY = ['deploy', '--config', 'missing.json', '--rpc', 'http://127.0.0.1:1', '--key-file', 'missing', '--circuits', 'a,b', '--out', 'missing.json'];

const BUILD = ['--parameters', 'missing.json', '--level', 'initial', '--out', 'missing/table.json'];

describe('the command line', () => {
  it('has an example in the help of every command', () => twoAtATime([...COMMANDS.map(([command]) => command), ['demo']], async (command) => {
    const { code, stdout, stderr } = await clearproof(...command, '--help');
    assert.equal(code, 0, command.join(' '));
    assert.equal(stderr, '');
    assert.match(stdout, new RegExp(`Usage: clearproof ${command.join(' ')}`));
    assert.match(stdout, new RegExp(`Examples?:\n  clearproof ${command.join(' ')}`), `${command.join(' ')} has no example`);
  }));

  it('names every command in its own help', async () => {
    const { code, stdout } = await clearproof('--help');
    assert.equal(code, 0);
    for (const [[name]] of COMMANDS) assert.match(stdout, new RegExp(`^  ${name}\\b`, 'm'));
  });

  it('tells every failure as one JSON value under --json, before or after the command', () => twoAtATime([...COMMANDS.entries()], async ([place, [command, wrong, code]]) => {
    const ended = place % 2 === 0 ? await clearproof('--json', ...command, ...wrong) : await clearproof(...command, ...wrong, '--json');
    const error = errorOf(ended);
    assert.equal(error.code, code, `${command.join(' ')}: ${error.message}`);
    assert.notEqual(ended.code, 0);
    assert.equal(ended.stderr, '', command.join(' '));
  }));

  it('tells a failure as one sentence with its code otherwise, and no stack', async () => {
    const { code, stdout, stderr } = await clearproof('snapshot', 'report', '--snapshot', 'missing');
    assert.equal(code, 1);
    assert.equal(stdout, '');
    assert.match(stderr, /^error: missing holds no whole snapshot .*: make one with "clearproof snapshot import" \[SNAPSHOT_FOLDER\]\n$/);
  });

  it('deploys no vault whose accounts would lack the circuits to leave it', async () => {
    const vault = [...DEPLOY, '--stated', '--vault', '60'];
    const { code, message } = errorOf(await clearproof(...vault, '--circuits', 'solvency-batch-n32-k8-s8,solvency-close-u32-s8', '--json'));
    assert.equal(code, 'ACCOUNT_CIRCUITS_MISSING');
    assert.match(message, /add account-signer, row-mark-s8, account-margin-k8-s8-d3, account-exit-k8-s8-d3/);
    const enough = 'solvency-batch-n32-k8-s8,solvency-close-u32-s8,account-margin-k8-s8-d3,account-exit-k8-s8-d3,account-signer,row-mark-s8';
    assert.equal(errorOf(await clearproof(...vault, '--circuits', enough, '--json')).code, 'FILE_READ');
  });

  it('deploys no clearing house whose accounts could not trade under a table', async () => {
    const house = [...DEPLOY, '--stated', '--vault', '60', '--clearing-house', '60'];
    const circuits = 'solvency-batch-n32-k8-s8,solvency-close-u32-s8,account-margin-k8-s8-d3,account-exit-k8-s8-d3,account-signer,row-mark-s8';
    const { code, message } = errorOf(await clearproof(...house, '--circuits', circuits, '--json'));
    assert.equal(code, 'ACCOUNT_CIRCUITS_MISSING');
    assert.match(message, /could not trade under these tables: add account-transition-k8-s8, or deploy without a clearing house/);
    assert.equal(errorOf(await clearproof(...house, '--circuits', `${circuits},account-transition-k8-s8`, '--json')).code, 'FILE_READ');
  });

  const misuses: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['an unknown option', ['verify', '--bogus'], /unknown option '--bogus'/],
    ['an unknown command', ['verfy'], /unknown command 'verfy'/],
    ['a missing option', ['generate'], /required option '--out <folder>' not specified/],
    ['a count that is no count', ['generate', '--accounts', '-3', '--out', 'missing'], /--accounts <n>.*'-3' is invalid\. It must be a whole number/],
    ['a time that is no time', ['generate', '--snapshot-time', 'noon', '--out', 'missing'], /'noon' is invalid\. It must be Unix time/],
    ['a venue without a market source', [...DEPLOY], /one of --timelock and --stated is needed/],
    ['a venue with two market sources', [...DEPLOY, '--stated', '--timelock', '60'], /option '--stated' cannot be used with option '--timelock <seconds>'/],
    ['a timelock that is none', [...DEPLOY, '--timelock', '0'], /'0' is invalid\. It must be at least 1/],
    ['a clearing house beside an escrow', [...DEPLOY, '--stated', '--clearing-house', '60'], /--clearing-house needs --vault/],
    ['a table from nothing', ['risk', 'build', ...BUILD], /one of --prices and --round is needed/],
    ['a table from a round and from prices', ['risk', 'build', ...BUILD, '--prices', 'a', '--round', 'b'], /option '--round <file>' cannot be used with option '--prices <file>'/],
    ['a saved record beside a chain', ['verify', 'a.json', '--rpc', 'http://127.0.0.1:1', '--record', 'b.json'], /option '--record <file>' cannot be used with option '--rpc <url>'/],
    ['a receipt too many', ['verify', 'a.json', 'b.json'], /too many arguments/],
  ];
  it('answers wrong usage with the usage on standard error and exit code 2, which is never "NOT verified"', () => twoAtATime(misuses, async ([title, args, reason]) => {
    const { code, stdout, stderr } = await clearproof(...args);
    assert.equal(code, 2, title);
    assert.equal(stdout, '');
    assert.match(stderr, reason);
    assert.match(stderr, /Usage: clearproof/);
  }));

  it('answers wrong usage under --json with one JSON value', async () => {
    const ended = await clearproof('prove', '--json', '--workers', 'many');
    assert.equal(ended.code, 2);
    const { code, message } = errorOf(ended);
    assert.equal(code, 'USAGE');
    assert.match(message, /^option '--workers <n>' argument 'many' is invalid/);
  });

  it('shows the usage when verify is given nothing to verify', async () => {
    const { code, stderr } = await clearproof('verify');
    assert.equal(code, 2);
    assert.match(stderr, /Usage: clearproof verify/);
  });
});
