import type { Command } from 'commander';
import { CircuitClient, type RegisteredCircuit } from '../../chain/circuit-client.js';
import { readDeployment, writeDeployment } from '../../chain/deployment-file.js';
import type { DeployedCircuit } from '../../chain/deployment.js';
import type { Runner } from '../runner.js';
import { withChain, withSigner, type ChainOptions } from '../with-chain.js';
import { circuitNamed, CircuitStateError, type NamedCircuit } from './circuit-input.js';

export function addCircuitAdd(circuit: Command, run: Runner): void {
  withChain(circuit.command('add').description('put a proposed circuit in force once its delay is over, and enter it into the deployment file; any account may'))
    .argument('<name>', 'name of the circuit')
    .addHelpText('after', `
Example:
  clearproof circuit add solvency-close-u32-s8-v2 --deployment deployment.json --rpc http://127.0.0.1:8545 --key-file any.key`)
    .action(run(async (output, options: ChainOptions, [name = '']) => {
      const wanted = circuitNamed(name);
      await withSigner(options, async (signer, { registry, venueId }) => {
        const client = new CircuitClient(registry, signer);
        const before = await client.circuit(wanted.circuitId);
        if (before === undefined) {
          const { gasUsed } = await client.add(wanted.circuitId);
          output.say(`${name} is in force (${gasUsed} gas)`);
          // Every proof of the venue would pay for the hash otherwise.
          await client.cacheDomain(venueId, wanted.circuitId);
        } else {
          output.say(`${name} was added before`);
        }
        const added = await enter(options.deployment, wanted, before ?? await client.circuit(wanted.circuitId));
        output.say(`it stands in ${options.deployment}`);
        output.result({ ...added, addedBefore: before !== undefined });
      });
    }));
}

/** Writes the circuit into the deployment file, which may have it already. */
async function enter(file: string, { name, kind, circuitId }: NamedCircuit, known: RegisteredCircuit | undefined): Promise<DeployedCircuit> {
  if (known?.kind !== kind) throw new CircuitStateError(`the registry has circuit ${name} as ${known?.kind ?? 'nothing'}, its name says ${kind}: it was proposed wrongly, do not use it`, { name });
  const { verifier, verificationKeyHash, insecure } = known;
  const added: DeployedCircuit = { name, circuitId, kind, verifier, verificationKeyHash, insecure };
  // Read again: another addition may have written it meanwhile.
  const deployment = await readDeployment(file);
  const others = deployment.circuits.filter((one) => one.circuitId !== circuitId);
  await writeDeployment(file, { ...deployment, circuits: [...others, added] });
  return added;
}
