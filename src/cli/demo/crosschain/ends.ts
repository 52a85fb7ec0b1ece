import { anvilWallet, startAnvil, type AnvilNode } from '../../../chain/anvil.js';
import { latestTimestamp } from '../../../chain/chain-time.js';
import { connectChain, type ChainConnection } from '../../../chain/connection.js';
import { deployHyperlaneGateway, deployMailbox, deployModule, type DeployedMailbox } from '../../../chain/deploy-mailbox.js';
import { GatewayClient } from '../../../chain/gateway-client.js';
import { passTime } from '../../../chain/test-chain.js';
import type { ConnectedSigner } from '../../../chain/wallet.js';
import type { CrossChainReport } from './crosschain-report.js';

/** One chain with Hyperlane's own contracts and a gateway over them. */
export interface ChainEnd {
  readonly name: 'home' | 'other';
  readonly node: AnvilNode;
  readonly connection: ChainConnection;
  readonly operator: ConnectedSigner;
  readonly hyperlane: DeployedMailbox;
  readonly gateway: string;
}

export interface ChainEnds {
  readonly home: ChainEnd;
  readonly other: ChainEnd;
}

/** Anvil's other local test chain: both take delays of seconds. */
const OTHER_CHAIN = 1337;
/** Hyperlane's numbers, unlike the chains' ids. */
const DOMAINS = { home: 10_001, other: 10_002 } as const;
/** Validators: anvil's accounts, any two of three. */
export const VALIDATORS = [21, 22, 23] as const;
const THRESHOLD = 2;

/** A second chain beside `home`, with its clock. */
export async function startOther(home: ChainConnection): Promise<{ readonly node: AnvilNode; readonly connection: ChainConnection }> {
  const node = await startAnvil({ chainId: OTHER_CHAIN, timestamp: await latestTimestamp(home.provider) });
  return { node, connection: await connectChain(node.url, { expectedChainId: node.chainId, pollingMs: 100 }) };
}

/** Mailbox, tree, security module and gateway on both chains; each gateway knows the other, and nobody can change that. */
export async function deployEnds(
  home: Pick<ChainEnd, 'node' | 'connection'>, other: Pick<ChainEnd, 'node' | 'connection'>, folders: { readonly hyperlane: string; readonly contracts: string }, report: CrossChainReport,
): Promise<ChainEnds> {
  const ends: ChainEnds = { home: await deployEnd('home', home, folders, report), other: await deployEnd('other', other, folders, report) };
  for (const [end, counterpart] of [[ends.home, ends.other], [ends.other, ends.home]] as const) {
    const client = new GatewayClient(end.gateway, end.operator);
    report.spent('gateway: connect', (await client.connect(counterpart.connection.chainId, BigInt(DOMAINS[counterpart.name]), counterpart.gateway)).gasUsed);
    await client.renounce();
    report.check(`the gateway on ${end.name} has a counterpart and no owner`, BigInt(await client.owner()) === 0n && (await client.counterpartOf(counterpart.connection.chainId)) === counterpart.gateway);
  }
  return ends;
}

async function deployEnd(
  name: ChainEnd['name'], { node, connection }: Pick<ChainEnd, 'node' | 'connection'>, folders: { readonly hyperlane: string; readonly contracts: string }, report: CrossChainReport,
): Promise<ChainEnd> {
  const operator = anvilWallet(0, connection.provider) as ConnectedSigner;
  const validators = VALIDATORS.map((index) => anvilWallet(index, null).address);
  const hyperlane = await deployMailbox(operator, folders.hyperlane, DOMAINS[name], validators, THRESHOLD);
  const module = await deployModule(operator, hyperlane.factory, validators, THRESHOLD);
  const { address, receipt } = await deployHyperlaneGateway(operator, folders.contracts, hyperlane.mailbox, module);
  report.spent('gateway: deploy HyperlaneGateway', receipt.gasUsed);
  return { name, node, connection, operator, hyperlane, gateway: address };
}

/** Brings the clock that is behind up to the other one. */
export async function synchronise({ home, other }: ChainEnds): Promise<void> {
  const [here, there] = [await latestTimestamp(home.connection.provider), await latestTimestamp(other.connection.provider)];
  if (here < there) await passTime(home.operator, there - here);
  if (there < here) await passTime(other.operator, here - there);
}

/** On both chains. */
export async function passBoth(ends: ChainEnds, seconds: number): Promise<void> {
  await synchronise(ends);
  await Promise.all([passTime(ends.home.operator, seconds), passTime(ends.other.operator, seconds)]);
}
