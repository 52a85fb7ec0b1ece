import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { Command } from 'commander';
import { ATTESTATION_FORMAT } from '../attestation/attestation-format.js';
import { STRESS_ATTESTATION_FORMAT } from '../attestation/stress-attestation-format.js';
import type { Board } from '../audit/board/board.js';
import { boardToJson, serializeBoard } from '../audit/board/board-json.js';
import type { BoardDocument } from '../audit/board/documents.js';
import { decimalText, percentText } from '../audit/board/figure.js';
import { readBoard } from '../audit/board/read-board.js';
import { connectChain } from '../chain/connection.js';
import { portablePoseidon } from '../commitment/poseidon-portable.js';
import { messageOf } from '../error/clearproof-error.js';
import { writeFileAtomically } from '../file/atomic-file.js';
import { readCircuitList } from '../groth16/circuit-list.js';
import { FileReadError, readText } from './files.js';
import { address, bigNumber, wholeNumber } from './options.js';
import type { Output } from './output.js';
import { projectRoot } from './project.js';
import type { Runner } from './runner.js';
import { readStressSets } from './stress/sets.js';

interface BoardOptions {
  readonly rpc: string;
  readonly registry: string;
  readonly venue: bigint;
  readonly attestations?: string;
  readonly scenarios?: readonly string[];
  readonly fromBlock?: number;
  readonly toBlock?: number;
  readonly out?: string;
}

export function addBoardCommand(program: Command, run: Runner): void {
  program.command('board')
    .description('make the board of a venue: everything public about it at one block, each figure with what stands behind it')
    .requiredOption('--rpc <url>', 'JSON-RPC end point')
    .requiredOption('--registry <address>', 'the registry you know from a source other than the venue', address)
    .requiredOption('--venue <id>', 'the venue', bigNumber)
    .option('--attestations <folder>', 'attestations and stress attestations in it, at any depth, are verified; folders named receipts are left alone')
    .option('--scenarios <files...>', 'stress sets as you know them; without it those that come with the program')
    .option('--from-block <number>', 'first block whose events are read; what lies before is known from state alone', wholeNumber)
    .option('--to-block <number>', 'block that everything is read at; the newest unless told', wholeNumber)
    .option('--out <file>', 'write the board there as JSON')
    .addHelpText('after', `
Example:
  clearproof board --rpc http://127.0.0.1:8545 --registry 0xA51c…91C0 --venue 1 --attestations epochs --out board.json`)
    .action(run(async (output, options: BoardOptions) => {
      const documents = options.attestations === undefined ? [] : await documentsIn(options.attestations);
      const board = await boardFrom(output, options, documents);
      if (options.out !== undefined) await writeFileAtomically(options.out, serializeBoard(board));
      tell(output, board);
      output.result(boardToJson(board));
    }));
}

async function boardFrom(output: Output, options: BoardOptions, documents: readonly BoardDocument[]): Promise<Board> {
  const { rpc, registry, venue, fromBlock, toBlock } = options;
  const [sets, circuits] = await Promise.all([readStressSets(options.scenarios), readCircuitList(join(projectRoot(), 'circuits', 'circuits.json'))]);
  const chain = await connectChain(rpc);
  try {
    return await readBoard(chain.provider, {
      registry, venueId: venue, documents, ...(fromBlock === undefined ? {} : { fromBlock }), ...(toBlock === undefined ? {} : { toBlock }),
      checking: { poseidon: portablePoseidon, sets, circuits, onChecked: (done, of) => output.progress(`${done} of ${of} files verified`) },
      onReading: ({ part, requests, blocksRead }) => output.progress(`reading ${part}: ${requests} requests, events of ${blocksRead} blocks`),
    });
  } finally {
    output.progressDone();
    chain.close();
  }
}

/** Receipts are private, and there may be very many. */
const PRIVATE_FOLDER = 'receipts';

/** Files that call themselves one of the two formats, named by their path in the folder. @throws FileReadError */
async function documentsIn(folder: string): Promise<BoardDocument[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((cause: unknown) => {
    throw new FileReadError(`${folder} cannot be read (${messageOf(cause)}): name a folder with attestations`, { folder }, { cause });
  });
  const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.json')).map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep));
  const documents: BoardDocument[] = [];
  for (const path of files.filter((parts) => !parts.slice(0, -1).includes(PRIVATE_FOLDER))) {
    const text = await readText(join(folder, ...path));
    if (text.includes(`"${ATTESTATION_FORMAT}"`) || text.includes(`"${STRESS_ATTESTATION_FORMAT}"`)) documents.push({ file: path.join('/'), text });
  }
  return documents;
}

function tell(output: Output, board: Board): void {
  board.warnings.forEach((words) => output.say(`warning: ${words}`));
  const { gate, epochs, gaps } = board;
  output.say(`gate ${gate.mode.text}${gate.age === undefined ? '' : `, latest snapshot ${gate.age.value} s old`}${gate.reasons.map(({ words }) => `; ${words}`).join('')}`);
  output.say(`${epochs.length} epochs, ${gaps.length} gaps, ${board.changes.length} changes, ${board.stress.length} stress results, block ${board.venue.block}`);
  const latest = epochs.at(-1);
  if (latest?.state !== 'accepted') return;
  for (const { asset, held } of latest.assets) {
    const symbol = board.assets[asset]?.symbol.text ?? `asset ${asset}`;
    if (held === undefined) output.say(`epoch ${latest.epoch}, ${symbol}: cannot be told, the node did not give what it was held against`);
    else output.say(`epoch ${latest.epoch}, ${symbol}: owed ${decimalText(held.owed)}, reserves ${decimalText(held.reserves)} (${held.covered.text}${held.ratio === undefined ? '' : `, ${percentText(held.ratio)}`})`);
  }
  const { shortfall, held } = latest.losses;
  output.say(`epoch ${latest.epoch}: shortfall ${decimalText(shortfall)} ${shortfall.unit.name}, fund ${held === undefined ? 'not read' : `${decimalText(held.fundValue)} (${held.covered.text})`}, at most ${latest.unhealthyBound.value} unhealthy accounts of at most ${latest.accountsBound.value}`);
}
