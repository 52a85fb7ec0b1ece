import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { anvilWallet } from '../../chain/anvil.js';
import { transactionState } from '../../chain/chain-time.js';
import type { ConnectedSigner } from '../../chain/wallet.js';
import { openingOfCommitment } from '../../clearing/opening-file.js';
import { parseClearedAccount, serializeClearedAccount } from '../../clearing/opening-format.js';
import { marketCommitment } from '../../commitment/market-commitment.js';
import { portablePoseidon } from '../../commitment/poseidon-portable.js';
import { SECRET_FILE, writeFileAtomically } from '../../file/atomic-file.js';
import type { KeeperConfig } from '../../keeper/keeper-config.js';
import { jsonLines } from '../../keeper/keeper-log.js';
import { serializeMarketTable } from '../../risk/market-table-json.js';
import { readSecretText } from '../files.js';
import { readyKeeper, type ReadyKeeper } from '../keeper/start-keeper.js';
import type { CrashStage } from './demo-crash.js';
import type { DemoTrader } from './demo-trader.js';
import { ForgeryAcceptedError } from './forgery.js';

/** Ppm of a slice's value that the bidder gains at least: a quarter of the largest discount. */
const LEAST_GAIN = 5_000;
/** Token base units that penalties may take: far more than any of them. */
export const MOST_PENALTY = 10_000n * 10n ** 6n;
/** Wei. */
const MOST_GAS_PRICE = 10n ** 12n;
const MOMENT_MS = 20;
const NEVER = new AbortController().signal;

/** What a keeper sent: which action, and its transaction. */
interface SentAction {
  readonly action: string;
  readonly transaction: string;
}

/** A keeper as `clearproof keeper run` starts it, that looks when it is told to. */
export class DemoKeeper {
  private constructor(
    private readonly stage: CrashStage,
    private readonly ready: ReadyKeeper,
    private readonly take: () => readonly Readonly<Record<string, unknown>>[],
  ) {}

  static async start(stage: CrashStage, name: string, signer: ConnectedSigner, roles: Partial<Pick<KeeperConfig, 'guard' | 'bidder'>>): Promise<DemoKeeper> {
    const { chain: { connection: { provider }, deployment, folders } } = stage.stage;
    const folder = await keeperFolder(stage);
    const config: KeeperConfig = {
      stateFile: join(folder, `${name}.state.json`), tables: join(folder, 'tables'), keys: folders.keys, pollMs: 1_000, maxGasPrice: MOST_GAS_PRICE, metricsPort: undefined, dryRun: false,
      challenger: undefined, guard: undefined, bidder: undefined, ...roles,
    };
    let written: Record<string, unknown>[] = [];
    const log = jsonLines((line) => void written.push(JSON.parse(line) as Record<string, unknown>), () => Date.now());
    const ready = await readyKeeper({ config, deployment, provider, signer, log });
    return new DemoKeeper(stage, ready, () => {
      const taken = written;
      written = [];
      return taken;
    });
  }

  /** One look, until all that it sent is in a block. @throws ForgeryAcceptedError where an action failed */
  async look(): Promise<readonly SentAction[]> {
    await this.ready.keeper.look(NEVER);
    const lines = this.take();
    const failed = lines.find(({ event }) => event === 'action-failed' || event === 'action-refused');
    if (failed !== undefined) throw new ForgeryAcceptedError(`a keeper's action came to nothing: ${JSON.stringify(failed)}`);
    const sent = lines.filter(({ event }) => event === 'action-sent').map(({ action, transaction }) => ({ action: String(action), transaction: String(transaction) }));
    const { provider } = this.stage.stage.chain.connection;
    for (const { transaction } of sent) while (await transactionState(provider, transaction) === 'waiting') await setTimeout(MOMENT_MS);
    return sent;
  }

  close(): Promise<void> {
    return this.ready.close();
  }
}

/** The venue's guard: it has the account's file. It signs as the operator, who may post openings. */
export async function demoGuard(stage: CrashStage, account: DemoTrader): Promise<DemoKeeper> {
  const accounts = join(await keeperFolder(stage), 'accounts');
  await mkdir(accounts, { recursive: true });
  await keepAccount(join(accounts, `${account.name}.json`), account);
  return DemoKeeper.start(stage, 'guard', anvilWallet(0, stage.stage.chain.operator.provider) as ConnectedSigner, {
    guard: { accounts, answer: true, start: true, seal: true, mark: true, payDebts: false },
  });
}

/** The dealer's bidder. */
export async function demoBidder(stage: CrashStage): Promise<DemoKeeper> {
  const { dealer, bidderKey, stage: { chain: { folders, operator } } } = stage;
  const folder = await keeperFolder(stage);
  const keyFile = join(folder, 'operator.key');
  await writeFileAtomically(keyFile, anvilWallet(0, operator.provider).privateKey, SECRET_FILE);
  await keepAccount(bidderFile(folder, dealer), dealer);
  return DemoKeeper.start(stage, 'bidder', dealer.wallet, {
    bidder: {
      account: bidderFile(folder, dealer), owner: join(folders.work, 'traders', `${dealer.name}.json`), encryptionKey: bidderKey, minProfit: 0n, minMargin: LEAST_GAIN, valueOfEther: 0n,
      mostPenalty: MOST_PENALTY, receipts: { from: 'operator', keyFile },
    },
  });
}

/** The dealer learns what its bidder made of its account. */
export async function learnOfBids(stage: CrashStage): Promise<void> {
  const { dealer, stage: { house } } = stage;
  const file = bidderFile(await keeperFolder(stage), dealer);
  const account = parseClearedAccount(await readSecretText(file), file);
  dealer.learn(openingOfCommitment(portablePoseidon, account, (await house.account(dealer.handle))?.commitment ?? 0n));
}

/** With the tables of both levels, as the venue publishes every table that it has accepted. */
async function keeperFolder({ stage: { chain }, crash: { maintenance, initial } }: CrashStage): Promise<string> {
  const folder = join(chain.folders.work, 'keepers');
  await mkdir(join(folder, 'tables'), { recursive: true });
  for (const table of [maintenance, initial]) await writeFileAtomically(join(folder, 'tables', `${marketCommitment(portablePoseidon, table)}.json`), serializeMarketTable(table));
  return folder;
}

const bidderFile = (folder: string, { name }: DemoTrader): string => join(folder, `${name}.account.json`);

async function keepAccount(file: string, trader: DemoTrader): Promise<void> {
  await writeFileAtomically(file, serializeClearedAccount((await trader.known()).account), SECRET_FILE);
}
