import type { Command } from 'commander';
import { CircuitClient } from '../../chain/circuit-client.js';
import { moment } from '../market/change-state.js';
import type { Runner } from '../runner.js';
import { withChain, withSigner, type ChainOptions } from '../with-chain.js';
import { circuitNamed } from './circuit-input.js';

/** What the registry's owner does to a circuit that is there. */
export function addCircuitSteps(circuit: Command, run: Runner): void {
  withChain(circuit.command('cancel').description('drop a proposed circuit; the registry\'s owner only'))
    .argument('<name>', 'name of the circuit')
    .action(run(async (output, options: ChainOptions, [name = '']) => {
      const { circuitId } = circuitNamed(name);
      await withSigner(options, async (signer, { registry }) => {
        const { gasUsed } = await new CircuitClient(registry, signer).cancel(circuitId);
        output.say(`${name} is not proposed any more (${gasUsed} gas)`);
        output.result({ name, circuitId, state: 'cancelled', gasUsed });
      });
    }));
  withChain(circuit.command('retire').description('end a circuit at once and for good: nothing new is proven in it; the registry\'s owner only'))
    .argument('<name>', 'name of the circuit')
    .addHelpText('after', `
Gates of venues whose latest epoch was proven in it are HALT until their next epoch. Circuits of accounts, marks and inclusion wait for a
successor in force ("clearproof circuit propose --replaces"): users leave by them.

Example:
  clearproof circuit retire solvency-close-u32-s8 --deployment deployment.json --rpc http://127.0.0.1:8545 --key-file registry-owner.key`)
    .action(run(async (output, options: ChainOptions, [name = '']) => {
      const { circuitId } = circuitNamed(name);
      await withSigner(options, async (signer, { registry }) => {
        const client = new CircuitClient(registry, signer);
        const { gasUsed } = await client.retire(circuitId);
        const retiredAt = (await client.circuit(circuitId))?.retiredAt;
        output.say(`${name} is retired${retiredAt === undefined ? '' : ` as of ${moment(retiredAt)}`} (${gasUsed} gas); what was accepted in it stays recorded`);
        output.result({ name, circuitId, state: 'retired', retiredAt, gasUsed });
      });
    }));
}
