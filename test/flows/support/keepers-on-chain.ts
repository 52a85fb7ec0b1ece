import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { anvilWallet } from '../../../src/chain/anvil.js';
import { transactionState } from '../../../src/chain/chain-time.js';
import type { ChainConnection } from '../../../src/chain/connection.js';
import { liquidationOf } from '../../../src/chain/deployment.js';
import { mintTestToken } from '../../../src/chain/escrow-client.js';
import { LiquidationBiddersClient } from '../../../src/chain/liquidation-bidders-client.js';
import type { ConnectedSigner } from '../../../src/chain/wallet.js';
import { bytesOf, newEncryptionKey } from '../../../src/cli/account/encryption-key-file.js';
import type { DemoTrader } from '../../../src/cli/demo/demo-trader.js';
import { readyKeeper } from '../../../src/cli/keeper/start-keeper.js';
import { serializeClearedAccount } from '../../../src/clearing/opening-format.js';
import { marketCommitment } from '../../../src/commitment/market-commitment.js';
import { SECRET_FILE, writeFileAtomically } from '../../../src/file/atomic-file.js';
import type { Prover } from '../../../src/groth16/prover.js';
import type { BidderConfig, ChallengerConfig, GuardConfig, KeeperConfig } from '../../../src/keeper/keeper-config.js';
import { serializeMarketTable } from '../../../src/risk/market-table-json.js';
import { keptLines, type KeptLines } from '../../keeper/support/kept-lines.js';
import { StoodClock } from '../../keeper/support/pretended-venue.js';
import type { LiquidationOnChain } from './liquidation-on-chain.js';
import { simulatedProver } from './simulated-prover.js';

const PLENTY = 10n ** 12n;
const MOMENT_MS = 10;
const NEVER = new AbortController().signal;

/** A keeper process that was started, without the process. */
export interface StartedKeeper {
  readonly lines: KeptLines;
  /** Looks once and waits until what it sent is in a block. */
  look(): Promise<void>;
  /** Looks once, where blocks are made by hand. */
  lookOnly(): Promise<void>;
  /** Actions that it sent, in order: what and of which account. */
  sent(): readonly (readonly [action: string, handle: bigint])[];
  refused(): readonly (readonly [action: string, refusal: string])[];
}

/** What one is started with beside its role. */
export interface KeeperStart {
  /** State files have its name: one that is started again goes on with what it remembers. */
  readonly name: string;
  /** Place among anvil's accounts. */
  readonly wallet: number;
  readonly roles: Partial<Pick<KeeperConfig, 'challenger' | 'guard' | 'bidder'>>;
  readonly dryRun?: boolean;
  /** Simulated unless told. */
  readonly prover?: Prover;
}

/** Files that keepers read, and keepers that read them, at a venue on a chain. */
export class KeepersOnChain {
  private constructor(
    private readonly on: LiquidationOnChain,
    private readonly folder: string,
  ) {}

  static async at(on: LiquidationOnChain): Promise<KeepersOnChain> {
    const made = new KeepersOnChain(on, join(on.venue.chain.folders.work, 'keepers'));
    for (const name of ['tables', 'accounts']) await mkdir(join(made.folder, name), { recursive: true });
    await made.publish();
    return made;
  }

  get prover(): Prover {
    return simulatedProver(this.on.venue.catalogue);
  }

  /** As the venue does with every table that it has accepted. */
  async publish(): Promise<void> {
    for (const table of [this.on.maintenance(), this.on.initial()]) {
      await writeFileAtomically(join(this.folder, 'tables', `${marketCommitment(this.on.venue.poseidon, table)}.json`), serializeMarketTable(table));
    }
  }

  /** Gives the guards an account's file. */
  async entrust(trader: DemoTrader): Promise<void> {
    await this.keepAccount(join('accounts', trader.name), trader);
  }

  challenger(ppm: number): ChallengerConfig {
    return { watch: { rule: 'price-move', ppm }, mostOpen: 8, mostBond: this.on.rules.bond };
  }

  guard(): GuardConfig {
    return { accounts: join(this.folder, 'accounts'), answer: true, start: true, seal: true, mark: true, payDebts: true };
  }

  /** Has the venue approve a trader, who has tokens for penalties. @param minMargin ppm of a slice's value that a bid gains at least */
  async bidder(trader: DemoTrader, minMargin: number): Promise<BidderConfig> {
    const { chain: { operator, deployment, tokens, folders } } = this.on.venue;
    const [keyFile, encryptionKey] = [join(this.folder, 'operator.key'), join(this.folder, `${trader.name}.x25519`)];
    await writeFileAtomically(keyFile, anvilWallet(0, operator.provider).privateKey, SECRET_FILE);
    const published = await newEncryptionKey(encryptionKey);
    await new LiquidationBiddersClient(liquidationOf(deployment).bidders, deployment.venueId, operator).send.approve(trader.wallet.address, bytesOf(published));
    await mintTestToken(operator, tokens[0] as string, trader.wallet.address, PLENTY);
    const account = await this.keepAccount(`own-${trader.name}`, trader);
    return {
      account, owner: join(folders.work, 'traders', `${trader.name}.json`), encryptionKey, minProfit: 0n, minMargin, valueOfEther: 0n, mostPenalty: PLENTY,
      receipts: { from: 'operator', keyFile },
    };
  }

  async start({ name, wallet, roles, dryRun = false, prover = this.prover }: KeeperStart): Promise<StartedKeeper> {
    const { chain: { connection: { provider }, deployment } } = this.on.venue;
    const config: KeeperConfig = {
      stateFile: join(this.folder, `${name}.state.json`), tables: join(this.folder, 'tables'), keys: undefined, pollMs: 1_000, maxGasPrice: 10n ** 12n, metricsPort: undefined, dryRun,
      challenger: undefined, guard: undefined, bidder: undefined, ...roles,
    };
    const lines = keptLines();
    const signer = anvilWallet(wallet, provider) as ConnectedSigner;
    const { keeper } = await readyKeeper({ config, deployment, provider, signer, log: lines.log, clock: new StoodClock(), prover });
    const lookOnly = (): Promise<void> => keeper.look(NEVER);
    return {
      lines, lookOnly,
      look: async () => {
        await lookOnly();
        for (const { transaction } of lines.of('action-sent')) await inBlock(provider, String(transaction));
      },
      sent: () => lines.of('action-sent').map(({ action, handle }) => [String(action), BigInt(String(handle))]),
      refused: () => lines.of('action-refused').map(({ action, refusal }) => [String(action), String(refusal)]),
    };
  }

  private async keepAccount(name: string, trader: DemoTrader): Promise<string> {
    const file = join(this.folder, `${name}.json`);
    await writeFileAtomically(file, serializeClearedAccount((await trader.known()).account), SECRET_FILE);
    return file;
  }
}

/** Anvil makes a block of each transaction, a moment after it has it. */
async function inBlock(provider: ChainConnection['provider'], transaction: string): Promise<void> {
  while (await transactionState(provider, transaction) === 'waiting') await setTimeout(MOMENT_MS);
}
