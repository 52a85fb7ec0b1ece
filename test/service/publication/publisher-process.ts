import { connectChain } from '../../../src/chain/connection.js';
import { walletFromFile } from '../../../src/chain/wallet.js';
import { startPublication } from '../../../src/service/publication/publication-loop.js';
import { createPublisher, type PublicationPoint } from '../../../src/service/publication/publisher.js';
import { migrate } from '../../../src/store/migrate.js';
import { openDatabase } from '../../../src/store/open-database.js';
import { QUICK } from './quick-settings.js';

/** What a publisher in a process of its own is told, as JSON. */
export interface ProcessOrder {
  readonly directory: string;
  readonly rpc: string;
  readonly keyFile: string;
  readonly registry: string;
  readonly markets: string;
  /** Where it stops for good, to be killed; the end of the entry where undefined. */
  readonly hangAt?: PublicationPoint;
}

const order = JSON.parse(process.argv[2] ?? '{}') as ProcessOrder;
const database = await openDatabase({ kind: 'embedded', directory: order.directory });
await migrate(database);
const connection = await connectChain(order.rpc, { expectedChainId: 31337n });
const say = (text: string): void => void process.stdout.write(`${text}\n`);
const running = startPublication(createPublisher({
  database, connection, venue: 1, deployment: { chainId: 31337n, registry: order.registry, markets: order.markets, venueId: 7n },
  signer: await walletFromFile(order.keyFile, connection.provider),
  settings: { ...QUICK, leaseSeconds: 1, pollMs: 30, retryMs: 30 },
  reached: async (point) => {
    say(point);
    if (point === order.hangAt) await new Promise(() => setInterval(() => undefined, 1_000));
    if (point === 'final') void running.stop();
  },
}));
await running.done;
connection.close();
await database.close();
process.exit(0);
