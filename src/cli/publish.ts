import { join } from 'node:path';
import { Option, type Command } from 'commander';
import { parseAttestation } from '../attestation/attestation-format.js';
import type { Attestation } from '../attestation/attestation.js';
import type { OnChainRecord } from '../attestation/on-chain-record.js';
import { submissionOf } from '../chain/attested-submission.js';
import type { ChainReceipt } from '../chain/contract-call.js';
import { escrowOf, type Deployment } from '../chain/deployment.js';
import { ReserveEscrowClient, type EscrowLedger } from '../chain/escrow-client.js';
import { MarketSourceClient, requireAccepted, type MarketAcceptance } from '../chain/market-source.js';
import { readOnChainRecord } from '../chain/read-on-chain-record.js';
import { SolvencyRegistryClient, type GateMode } from '../chain/registry-client.js';
import { StatedMarketsClient, statedMarketOf } from '../chain/stated-markets-client.js';
import type { ConnectedSigner } from '../chain/wallet.js';
import { marketCommitment } from '../commitment/market-commitment.js';
import { portablePoseidon } from '../commitment/poseidon-portable.js';
import { formatDecimal } from '../fixed-point/decimal.js';
import { readText } from './files.js';
import { address, bigNumber } from './options.js';
import type { Runner } from './runner.js';
import { withChain, withSigner, type ChainOptions } from './with-chain.js';

export const ATTESTATION_FILE = 'attestation.json';

/** What publishing an epoch did. */
export interface Published {
  readonly receipt: ChainReceipt;
  readonly gate: GateMode;
  readonly record: OnChainRecord;
}

/** Submits an epoch whose table was accepted, and reads back what was recorded. @throws MarketNotAcceptedError before anything is sent */
export async function publishEpoch(
  signer: ConnectedSigner, deployment: Deployment, attestation: Attestation,
  markets: MarketAcceptance = new MarketSourceClient(deployment.markets, deployment.venueId, signer),
): Promise<Published> {
  const client = new SolvencyRegistryClient(deployment.registry, deployment.venueId, signer);
  const commitment = marketCommitment(portablePoseidon, attestation.market);
  await requireAccepted(markets, commitment);
  const receipt = await client.submitEpoch(submissionOf(attestation, commitment));
  const record = await readOnChainRecord(signer.provider, deployment.registry, deployment.venueId, attestation.epoch);
  return { receipt, gate: await client.gateMode(), record };
}

export function addPublishCommands(program: Command, run: Runner): void {
  withChain(program.command('open')
    .description('open the next snapshot on chain: takes the reserve checkpoint the epoch is held against'))
    .addHelpText('after', '\nExample:\n  clearproof open --deployment deployment.json --rpc http://127.0.0.1:8545 --key-file venue.key')
    .action(run(async (output, options: ChainOptions) => {
      await withSigner(options, async (signer, deployment) => {
        const { snapshot } = await new SolvencyRegistryClient(deployment.registry, deployment.venueId, signer).openSnapshot();
        output.say(`snapshot of epoch ${snapshot.epoch} opened at ${snapshot.openedAt}; take accounts and marks of that moment`);
        output.result(snapshot);
      });
    }));
  withChain(program.command('deposit')
    .description('put tokens into the escrow: reserves for users, or the insurance fund'))
    .addOption(new Option('--ledger <name>', 'which ledger').choices(['reserves', 'fund']).makeOptionMandatory())
    .requiredOption('--token <address>', 'token; must be on the escrow\'s list', address)
    .requiredOption('--amount <units>', 'base units of the token', bigNumber)
    .addHelpText('after', '\nExample:\n  clearproof deposit --ledger reserves --token 0x5FbD…0aa3 --amount 1000000 --deployment deployment.json --rpc http://127.0.0.1:8545 --key-file venue.key')
    .action(run(async (output, options: ChainOptions & { ledger: EscrowLedger; token: string; amount: bigint }) => {
      await withSigner(options, async (signer, deployment) => {
        const receipt = await new ReserveEscrowClient(escrowOf(deployment), deployment.venueId, signer).deposit(options.ledger, options.token, options.amount);
        output.say(`${options.amount} units deposited to ${options.ledger} for ${receipt.gasUsed} gas`);
        output.result(receipt);
      });
    }));
  withChain(program.command('state-market')
    .description('have an epoch\'s market table accepted on the parameter admin\'s word (local test chains only)'))
    .requiredOption('--epoch-dir <folder>', 'folder that prove filled')
    .addHelpText('after', '\nExample:\n  clearproof state-market --epoch-dir epoch-1 --deployment deployment.json --rpc http://127.0.0.1:8545 --key-file venue.key')
    .action(run(async (output, options: ChainOptions & { epochDir: string }) => {
      const table = (await readAttestation(options.epochDir)).market;
      const market = statedMarketOf(portablePoseidon, table);
      await withSigner(options, async (signer, deployment) => {
        const client = new StatedMarketsClient(deployment.markets, deployment.venueId, signer);
        await client.stateRows(table);
        const receipt = await client.state(market);
        output.say(`market table ${market.commitment} accepted unseen for ${receipt.gasUsed} gas`);
        output.result({ ...receipt, commitment: market.commitment });
      });
    }));
  withChain(program.command('publish')
    .description('submit a proven epoch, whose market table must have been accepted'))
    .requiredOption('--epoch-dir <folder>', 'folder that prove filled')
    .addHelpText('after', '\nExample:\n  clearproof publish --epoch-dir epoch-1 --deployment deployment.json --rpc http://127.0.0.1:8545 --key-file venue.key')
    .action(run(async (output, options: ChainOptions & { epochDir: string }) => {
      const attestation = await readAttestation(options.epochDir);
      await withSigner(options, async (signer, deployment) => {
        const { receipt, gate, record } = await publishEpoch(signer, deployment, attestation);
        const shortfall = formatDecimal(record.shortfall, attestation.market.valueScale);
        output.say(`epoch ${record.epoch} accepted for ${receipt.gasUsed} gas: at most ${record.accountsBound} accounts, ${record.unhealthyBound} unhealthy, shortfall ${shortfall}`);
        output.say(`${record.covered ? 'covered' : 'NOT COVERED'}; gate ${gate}`);
        output.result({ transaction: receipt.transactionHash, gasUsed: receipt.gasUsed, gate, record });
      });
    }));
}

async function readAttestation(epochDir: string): Promise<Attestation> {
  const file = join(epochDir, ATTESTATION_FILE);
  return parseAttestation(await readText(file), file);
}
