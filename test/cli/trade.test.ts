import assert from 'node:assert/strict';
import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDeployment } from '../../src/chain/deployment-file.js';
import { clearingOf } from '../../src/chain/deployment.js';
import { mintTestToken } from '../../src/chain/escrow-client.js';
import { latestTimestamp } from '../../src/chain/chain-time.js';
import { ProofBatchClient } from '../../src/chain/proof-batch-client.js';
import { addClearingCommands } from '../../src/cli/clearing/clearing-command.js';
import { newOwner } from '../../src/cli/owner.js';
import { addTradeCommands } from '../../src/cli/trade/trade-command.js';
import { addVaultCommands } from '../../src/cli/vault/vault-command.js';
import { releaseCurves } from '../../src/groth16/curves.js';
import { loadVerificationKey } from '../../src/groth16/proving-key.js';
import { serializeMarketTable } from '../../src/risk/market-table-json.js';
import { KEYS, onChainVenue } from '../builders/on-chain-epoch.js';
import { RULES, TRANSITION_CIRCUIT, acceptEpoch, startVault, treeOf, type VaultOnChain } from '../flows/support/vault-on-chain.js';
import { passTime, statedMarket } from '../flows/support/venue-on-chain.js';
import { inProcess } from './commands-in-process.js';
import { errorOf, oneJson, temporaryFolder, type Ended } from './program.js';

/** Accounts 0 to 2 of anvil's public mnemonic. */
const WALLETS = {
  venue: 'ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80', alice: '59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d',
  bob: '5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a',
} as const;
type Who = keyof typeof WALLETS;
const HOUR = 3_600;
const CLEARING = { formatVersion: '1', rules: { timelock: String(HOUR), tableMaxAge: String(24 * HOUR), band: '100000' } };
const OPTION = 'BTC-25DEC26-97000-C';

describe('accounts of a clearing house and their trades, through the command line', function () {
  this.timeout(600_000);
  const market = onChainVenue().table;
  const run = inProcess((program, runner) => [addVaultCommands, addClearingCommands, addTradeCommands].forEach((add) => add(program, runner)));
  let venue: VaultOnChain;
  let folder: string;
  let remove: () => Promise<void>;
  const at = (name: string): string => join(folder, name);
  const reader = (): string[] => ['--deployment', at('deployment.json'), '--rpc', venue.anvilUrl, '--json'];
  const read = (...args: readonly string[]): Promise<Ended> => run(...args, ...reader());
  const as = (who: Who, ...args: readonly string[]): Promise<Ended> => run(...args, ...reader(), '--key-file', at(`${who}.key`));
  const table = (): string[] => ['--table', at('initial.json')];
  const account = (who: Who): string[] => ['--account', at(`${who}.json`), '--owner', at(`${who}-owner.json`), ...table()];
  async function ok(ended: Promise<Ended>): Promise<Record<string, unknown>> {
    const done = await ended;
    assert.equal(done.code, 0, `${done.stdout}${done.stderr}`);
    return oneJson(done);
  }
  const order = (who: Who, side: '--buy' | '--sell', quantity: string, payment: string, out: string, signer: Who = who): Promise<Ended> => as(
    signer, 'trade', 'order', '--account', at(`${who}.json`), ...table(), side, quantity, '--instrument', OPTION, '--pay', 'USD', '--payment', payment, '--out', at(out),
  );
  const prove = (who: Who, trade: string, out: string, ...more: readonly string[]): Promise<Ended> => read('trade', 'prove', '--trade', at(trade), ...account(who), '--out', at(out), ...more);
  const sign = (out: string, ...transitions: readonly string[]): Promise<Ended> => as(
    'venue', 'clearing', 'receipt', '--transitions', ...transitions.map(at), '--accounts', at('alice.json'), at('bob.json'), '--out', at(out),
  );
  async function agreed(quantity: string, payment: string, name: string): Promise<string> {
    await ok(order('bob', '--sell', quantity, payment, `${name}-order.json`));
    await ok(as('alice', 'trade', 'accept', '--order', at(`${name}-order.json`), '--account', at('alice.json'), ...table(), '--out-order', at(`${name}-taken.json`), '--out', at(`${name}.json`)));
    return `${name}.json`;
  }

  before(async () => {
    ({ folder, remove } = await temporaryFolder());
    venue = await startVault(market, { clearing: { minTimelock: HOUR } });
    const { operator, deployment } = venue;
    await new ProofBatchClient(clearingOf(deployment).proofBatch, operator).addKey(await loadVerificationKey(KEYS, TRANSITION_CIRCUIT));
    await writeDeployment(at('deployment.json'), deployment);
    for (const [who, key] of Object.entries(WALLETS)) await writeFile(at(`${who}.key`), key, { mode: 0o600 });
    await writeFile(at('clearing-rules.json'), JSON.stringify(CLEARING));
    await writeFile(at('maintenance.json'), serializeMarketTable(market));
    for (const who of ['alice', 'bob'] as const) {
      const wallet = venue.user(who === 'alice' ? 1 : 2);
      await newOwner(at(`${who}-owner.json`), wallet.address);
      await mintTestToken(operator, venue.tokens[0] as string, wallet.address, 20_000_000_000n);
    }
  });
  after(async () => {
    await (venue as VaultOnChain | undefined)?.stop();
    await remove();
    await releaseCurves();
  });

  it('is named in the vault after the wait, and gets its rules', async () => {
    const house = (): Promise<Record<string, unknown>> => ok(as('venue', 'vault', 'clearing-house'));
    assert.equal((await house())['state'], 'proposed');
    assert.equal((await house())['state'], 'waiting');
    await passTime(venue, RULES.timelock);
    assert.equal((await house())['state'], 'active');
    assert.equal(await venue.venueVault.clearingHouse(), clearingOf(venue.deployment).house);
    assert.deepEqual(await house(), { state: 'active' });
    const terms = (): Promise<Record<string, unknown>> => ok(as('venue', 'clearing', 'terms', '--config', at('clearing-rules.json'), '--table', at('maintenance.json')));
    const { steps } = await terms();
    assert.deepEqual((steps as { state: string }[]).map(({ state }) => state), ['active']);
    assert.deepEqual(await terms(), { steps: [] });

    await venue.client.openSnapshot();
    const now = { ...market, snapshotTime: await latestTimestamp(venue.connection.provider) };
    const initial = { ...now, level: 'initial' as const };
    for (const one of [now, initial]) await venue.markets.state(statedMarket(one));
    await writeFile(at('initial.json'), serializeMarketTable(initial));
    await acceptEpoch(venue, 1, now, treeOf(venue, 1, now, []).root, [0n, 0n, 0n, 0n, 0n, 0n], false);
  });

  it('opens accounts whose files only their owners read, and no second one in a file [P-230]', async () => {
    const open = (who: Who, amount: string): Promise<Ended> => as(
      who, 'clearing', 'open', '--owner', at(`${who}-owner.json`), '--user', who, ...table(), '--instrument', 'USD', '--amount', amount, '--out', at(`${who}.json`),
    );
    assert.equal((await ok(open('alice', '5000')))['handle'], '1');
    assert.equal((await ok(open('bob', '9000')))['handle'], '2');
    assert.equal((await stat(at('alice.json'))).mode & 0o777, 0o600);
    assert.equal(errorOf(await open('alice', '1')).code, 'SECRET_FILE');
    await chmod(at('alice.json'), 0o644);
    assert.equal(errorOf(await order('alice', '--buy', '0.1', '1', 'refused.json')).code, 'SECRET_FILE');
    await chmod(at('alice.json'), 0o600);
    assert.match(errorOf(await as('alice', 'clearing', 'deposit', ...account('alice'), '--instrument', OPTION, '--amount', '1')).message, /no settlement asset|neither|cash or spot/);
  });

  it('matches orders that controllers signed, and no others', async () => {
    await ok(order('bob', '--sell', '0.1', '950', 'sell.json'));
    await ok(order('alice', '--buy', '0.1', '960', 'buy.json'));
    assert.equal((await stat(at('buy.json'))).mode & 0o777, 0o600);
    await ok(order('alice', '--buy', '0.1', '960', 'forged.json', 'bob'));
    const match = (...orders: readonly string[]): Promise<Ended> => read('trade', 'match', '--orders', ...orders.map(at), ...table(), '--out', at('trades'));
    const { trades } = await ok(match('sell.json', 'buy.json'));
    assert.deepEqual((trades as Record<string, unknown>[]).map(({ buyer, seller, quantity, payment }) => [buyer, seller, quantity, payment]), [['1', '2', '10000000', '950000000']]);
    const refused = errorOf(await match('sell.json', 'forged.json'));
    assert.deepEqual([refused.code, /account 1 is controlled by 0x/.test(refused.message)], ['ORDER_SIGNATURE', true]);
  });

  it('settles a trade by both proofs with a receipt of the venue, once, and the chain has no number of it [P-231]', async () => {
    const trade = join('trades', 'trade-1.json');
    await ok(prove('alice', trade, 'buyer.json'));
    const settle = (...more: readonly string[]): Promise<Ended> => as('bob', 'trade', 'settle', '--sides', at('buyer.json'), at('seller.json'), ...more);
    assert.equal(errorOf(await as('bob', 'trade', 'settle', '--sides', at('buyer.json'))).code, 'SUBMISSION');
    await ok(prove('bob', trade, 'seller.json'));
    assert.deepEqual(['OPENINGS_RECEIPT', /account 1, 2/.test(errorOf(await settle()).message)], [errorOf(await settle()).code, true]);
    assert.match(errorOf(await sign('half.json', 'seller.json')).message, /only the seller's side is named/);
    await ok(sign('receipt.json', 'buyer.json', 'seller.json'));
    const signed = JSON.parse(await readFile(at('receipt.json'), 'utf8')) as { readonly openings: readonly unknown[] };
    await writeFile(at('turned.json'), JSON.stringify({ ...signed, openings: [...signed.openings].reverse() }));
    assert.match(errorOf(await settle('--receipt', at('turned.json'))).message, /other commitments, or of the same in another order/);
    const { transactionHash, tradeCommitments } = await ok(settle('--receipt', at('receipt.json')));
    assert.match(errorOf(await settle('--receipt', at('receipt.json'))).message, /TradeFilled/);

    const shown = await ok(read('trade', 'show', '--transaction', String(transactionHash), '--html', at('trace.html')));
    const text = JSON.stringify(shown);
    assert.ok(text.includes((tradeCommitments as string[])[0] as string), 'the commitment is public');
    for (const hidden of ['10000000', '950000000']) assert.ok(!text.includes(`"${hidden}"`), hidden);
    assert.match(await readFile(at('trace.html'), 'utf8'), /ClearingHouse/);
    const ofHandle = await ok(read('trade', 'show', '--handle', '1'));
    assert.deepEqual((ofHandle['transactions'] as { called: string }[]).map(({ called }) => called), ['open', 'settle']);
  });

  it('refuses a trade that an account has no margin for before a proof is tried', async () => {
    const large = await agreed('4', '1', 'large');
    const refused = errorOf(await prove('alice', large, 'large-side.json'));
    assert.equal(refused.code, 'PRICE_OUTSIDE_BAND');
    const dear = await agreed('4', '38000', 'dear');
    assert.match(errorOf(await prove('alice', dear, 'dear-side.json')).code, /BORROWS_CASH|INSUFFICIENT_MARGIN/);
    assert.equal(errorOf(await prove('bob', dear, 'dear-side.json')).code, 'INSUFFICIENT_MARGIN');
    assert.equal(errorOf(await read('trade', 'prove', '--trade', at(dear), ...account('alice').map((arg) => arg.replace('alice-owner', 'bob-owner')), '--out', at('x.json'))).code, 'OWNER_MISMATCH');
  });

  it('nets what two parties agreed, and settles two trades at once, the second from what the first leaves', async () => {
    const [first, second] = [await agreed('0.02', '190', 'first'), await agreed('0.03', '285', 'second')];
    const { trades } = await ok(read('trade', 'net', '--trades', at(first), at(second), ...table(), '--out', at('net')));
    assert.deepEqual((trades as Record<string, unknown>[]).map(({ replaces, quantity, payment }) => [replaces, quantity, payment]), [[2, '5000000', '475000000']]);
    const third = await agreed('0.01', '95', 'third');
    const net = join('net', 'net-1.json');
    await ok(prove('alice', net, 'net-buyer.json'));
    await ok(prove('bob', net, 'net-seller.json'));
    await ok(prove('alice', third, 'third-buyer.json', '--after', at('net-buyer.json')));
    await ok(prove('bob', third, 'third-seller.json', '--after', at('net-seller.json')));
    const sides = ['net-buyer.json', 'net-seller.json', 'third-buyer.json', 'third-seller.json'];
    await ok(sign('batch-receipt.json', ...sides));
    const settle = (command: string): Promise<Ended> => as('venue', 'trade', command, '--sides', ...sides.map(at), '--receipt', at('batch-receipt.json'));
    assert.match(errorOf(await settle('settle')).message, /sides of 2 trades: take "trade settle-batch"/);
    assert.equal((await ok(settle('settle-batch')))['trades'], 2);
  });

  it('computes the venue\'s book from account files, and says which it lacks', async () => {
    const book = (...files: readonly string[]): Promise<Ended> => read('clearing', 'book', '--accounts', ...files.map(at), ...table());
    const whole = await book('alice.json', 'bob.json');
    assert.equal(whole.code, 0, whole.stdout);
    const rows = oneJson(whole)['rows'] as Record<string, unknown>[];
    assert.deepEqual(rows.map(({ id, long, short, net }) => [id, long, short, net]), [['USD', '14000000000', '0', '14000000000'], [OPTION, '16000000', '16000000', '0']]);
    const part = await book('bob.json');
    assert.deepEqual([part.code, oneJson(part)['unopened'], oneJson(part)['unmatched']], [1, ['1'], [OPTION]]);
  });

  it('moves collateral of a margined account with a receipt, and refuses it without', async () => {
    const withdraw = (...more: readonly string[]): Promise<Ended> => as('alice', 'clearing', 'withdraw', ...account('alice'), '--instrument', 'USD', '--amount', '100', ...more);
    assert.equal(errorOf(await withdraw()).code, 'OPENINGS_RECEIPT');
    await ok(withdraw('--out', at('withdrawal.json')));
    await ok(sign('withdrawal-receipt.json', 'withdrawal.json'));
    await ok(as('bob', 'clearing', 'submit', '--transitions', at('withdrawal.json'), '--receipt', at('withdrawal-receipt.json')));
    const { transactions } = await ok(read('trade', 'show', '--handle', '1'));
    assert.equal((transactions as { called: string }[]).at(-1)?.called, 'adjust');
  });

  it('stands in for an agreed trade with bonds, which come back when it settles', async () => {
    const trade = await agreed('0.01', '95', 'bonded');
    await ok(prove('alice', trade, 'bonded-buyer.json'));
    await ok(prove('bob', trade, 'bonded-seller.json'));
    for (const who of ['alice', 'bob'] as const) {
      assert.equal((await ok(as(who, 'trade', 'bond', '--add', '1000')))['free'], '1000');
      await ok(as(who, 'trade', 'agree', '--side', at('bonded-buyer.json'), '--bond', '1000', '--out', at(`${who}-agreement.json`)));
    }
    const once = errorOf(await as('venue', 'trade', 'register', '--agreements', at('alice-agreement.json'), at('alice-agreement.json')));
    assert.deepEqual([once.code, /who controls account 2: ask for theirs/.test(once.message)], ['AGREEMENT_FILE', true]);
    await ok(as('venue', 'trade', 'register', '--agreements', at('bob-agreement.json'), at('alice-agreement.json')));
    const present = (who: Who, side: string, ...more: readonly string[]): Promise<Ended> => as(who, 'trade', 'present', '--agreement', at('alice-agreement.json'), '--side', at(side), ...more);
    assert.equal((await ok(present('alice', 'bonded-buyer.json')))['state'], 'presented');
    await ok(sign('bonded-receipt.json', 'bonded-buyer.json', 'bonded-seller.json'));
    const settled = await ok(present('bob', 'bonded-seller.json', '--other', at('bonded-buyer.json'), '--receipt', at('bonded-receipt.json')));
    assert.equal(settled['state'], 'settled');
    assert.match(errorOf(await as('venue', 'trade', 'close', '--agreement', at('alice-agreement.json'))).message, /AgreementOver/);
    assert.equal((await ok(as('bob', 'trade', 'bond', '--withdraw', '1000')))['free'], '0');
  });
});
