import type { Command } from 'commander';
import type { Deployment } from '../../chain/deployment.js';
import { circuitIdOf } from '../../commitment/digest.js';
import { marketCommitment } from '../../commitment/market-commitment.js';
import { bulkPoseidon } from '../../commitment/poseidon-bulk.js';
import { findCircuit } from '../../groth16/circuit-list.js';
import { proveMarketTable, type ProvenTable } from '../../proving/prove-market-table.js';
import { parameterWords } from '../../risk/build/parameter-words.js';
import { parseMarketTable } from '../../risk/market-table-json.js';
import type { MarketTable } from '../../risk/market-table.js';
import { circuitToDeploy, CircuitKindError } from '../gated-circuits.js';
import { readText } from '../files.js';
import type { Output } from '../output.js';
import { selectCircuits } from '../prove.js';
import type { Runner } from '../runner.js';
import { withChain, withSigner, type ChainOptions } from '../with-chain.js';
import { openProver } from '../prover.js';
import { readRound } from './round-file.js';
import { requireTableOf } from './table-of-round.js';
import { boardsOf } from './venue-boards.js';
import { joinVolatilityParts, volatilitiesOf } from './volatility-part.js';
import { readParameterSet, setWords } from './wanted-lists.js';

interface AcceptOptions extends ChainOptions {
  readonly parameters: string;
  readonly round: string;
  readonly table: string;
  readonly circuit: string;
  readonly volatilitySignature?: readonly string[];
  readonly keys?: string;
}

export function addMarketAccept(market: Command, run: Runner): void {
  withChain(market.command('accept')
    .description('prove that a table follows from a round and the active parameters, and have the market board accept it'))
    .requiredOption('--parameters <file>', 'parameter set, the active one')
    .requiredOption('--round <file>', 'the round of the table, as round wrote it')
    .requiredOption('--table <file>', 'the table, as "risk build --round" wrote it')
    .requiredOption('--circuit <name>', 'market-table circuit of the deployment')
    .option('--volatility-signature <files...>', 'signatures of the volatilities, as sign-volatilities wrote them; none: they are the venue\'s choice within its bound')
    .option('--keys <folder>', 'proving keys (default: build/keys)')
    .addHelpText('after', `
Example:
  clearproof market accept --parameters parameters.json --round round.json --table table.json --circuit market-table-u32-s8 \\
    --volatility-signature signature-1.json signature-2.json --deployment deployment.json --rpc http://127.0.0.1:8545 --key-file venue.key`)
    .action(run(async (output, options: AcceptOptions) => {
      const words = parameterWords(await readParameterSet(options.parameters));
      const round = await readRound(options.round);
      const table = parseMarketTable(await readText(options.table), options.table);
      requireTableOf(round, words, table);
      const volatilities = volatilitiesOf(table);
      await withSigner(options, async (signer, deployment) => {
        requireCircuit(deployment, options.circuit);
        const { markets } = boardsOf(signer, deployment);
        const target = { chainId: deployment.chainId, board: deployment.markets };
        const signed = await joinVolatilityParts(options.volatilitySignature ?? [], target, { venueId: deployment.venueId, round: round.id, volatilities });
        const commitment = marketCommitment(await bulkPoseidon(), table);
        const before = await markets.acceptanceOf(commitment);
        if (before !== undefined) {
          output.say(`accepted before, from round ${before.round}; volatilities ${before.volatilities}`);
          return output.result({ commitment, ...before });
        }
        const { circuit, signals, proof } = await prove(output, deployment, table, options);
        const { gasUsed } = await markets.acceptMarket({
          circuitId: circuitIdOf(circuit), commitment, level: table.level, settlementAssets: Number(signals.settlementAssets),
          round: { id: round.id, time: round.time, prices: round.prices }, parameters: setWords(words), volatilities, ...signed, proof,
        });
        const acceptance = await markets.acceptanceOf(commitment);
        output.say(`table of ${table.rows.length} rows accepted at ${table.level} from round ${round.id} for ${gasUsed} gas; volatilities ${acceptance?.volatilities ?? 'none'}`);
        output.result({ commitment, gasUsed, round: round.id, volatilities: acceptance?.volatilities ?? 'none' });
      });
    }));
}

/** Better now than after the proof. @throws CircuitKindError */
function requireCircuit({ circuits }: Deployment, name: string): void {
  if (circuitToDeploy(name).kind === 'market-table' && circuits.some((circuit) => circuit.name === name)) return;
  const known = circuits.filter(({ kind }) => kind === 'market-table').map((circuit) => circuit.name);
  throw new CircuitKindError(`the registry has no market-table circuit ${name}: it has ${known.join(', ') || 'none; deploy with one'}`, { name });
}

async function prove(output: Output, { chainId, registry, venueId }: Deployment, table: MarketTable, { circuit: name, keys }: AcceptOptions): Promise<ProvenTable> {
  const { catalogue } = await selectCircuits(name);
  const prover = await openProver(output, keys);
  try {
    output.progress(`proving ${table.rows.length} rows in ${name}`);
    return await proveMarketTable(prover, await bulkPoseidon(), { chainId, registry, venueId }, findCircuit(catalogue, name), table);
  } finally {
    output.progressDone();
    await prover.close();
  }
}
