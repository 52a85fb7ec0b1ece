import type { Command } from 'commander';
import { CircuitClient } from '../../chain/circuit-client.js';
import { readRuntimeCodeHash } from '../../chain/contract-artifact.js';
import type { Deployment } from '../../chain/deployment.js';
import { requireChainForKeys } from '../../chain/deploy.js';
import { deployVerifier } from '../../chain/deploy-verifier.js';
import type { ConnectedSigner } from '../../chain/wallet.js';
import { attemptOnVerifier, VerifierCodeError } from '../../chain/forgery-attempt.js';
import { ProofBatchClient } from '../../chain/proof-batch-client.js';
import { verifierContractName } from '../../chain/verifier-name.js';
import { gatedCircuit, type GatedCircuit } from '../gated-circuits.js';
import { moment } from '../market/change-state.js';
import { address } from '../options.js';
import { buildPath } from '../project.js';
import type { Runner } from '../runner.js';
import { withChain, withSigner, type ChainOptions } from '../with-chain.js';
import { circuitNamed, CircuitStateError } from './circuit-input.js';

interface ProposeOptions extends ChainOptions {
  readonly replaces?: string;
  readonly verifier?: string;
  readonly contracts: string;
  readonly keys: string;
}

export function addCircuitPropose(circuit: Command, run: Runner): void {
  withChain(circuit.command('propose').description('put a circuit\'s verifier on the chain and announce it; anybody can add it after the registry\'s delay'))
    .argument('<name>', 'name of the circuit, as in circuits.json or with a further word: solvency-close-u32-s8-v2')
    .option('--replaces <name>', 'circuit of the same kind and shape whose users can go over to this one: what they leave by is retired only then')
    .option('--verifier <address>', 'a verifier that stands on the chain already; its code must be the one compiled here', address)
    .option('--contracts <folder>', 'compiled contracts, the circuit\'s verifier among them', buildPath('contracts'))
    .option('--keys <folder>', 'keys and manifest that the verifier was made from: its key must pass every gate before anything is paid for', buildPath('keys'))
    .addHelpText('after', `
Example:
  clearproof circuit propose solvency-close-u32-s8-v2 --replaces solvency-close-u32-s8 --keys new-keys --contracts new-contracts \\
    --deployment deployment.json --rpc http://127.0.0.1:8545 --key-file registry-owner.key`)
    .action(run(async (output, options: ProposeOptions, [name = '']) => {
      const wanted = circuitNamed(name);
      const replaces = options.replaces === undefined ? undefined : circuitNamed(options.replaces);
      const compiled = await readRuntimeCodeHash(options.contracts, verifierContractName(name));
      const gated = await gatedCircuit(options, name);
      await withSigner(options, async (signer, deployment) => {
        const client = new CircuitClient(deployment.registry, signer);
        // Before a verifier is paid for.
        if (await client.circuit(wanted.circuitId) !== undefined) {
          throw new CircuitStateError(`the registry knows circuit ${name} already, and a circuit keeps its verifier for good: give the new one a name of its own, as ${name}-v2`, { name });
        }
        requireChainForKeys([gated], deployment.chainId);
        const verifier = options.verifier ?? (await deployVerifier(signer, options.contracts, gated)).verifier;
        if (await client.codeHash(verifier) !== compiled) {
          throw new VerifierCodeError(`the code at ${verifier} is not that of the verifier of ${name} compiled in ${options.contracts}: deploy that one, or compile from the right keys`, { name, verifier });
        }
        if (options.verifier !== undefined) await attemptOnVerifier(signer.provider, verifier, gated, name);
        const { gasUsed } = await client.propose({ ...wanted, verifier }, replaces?.circuitId);
        const proposal = await client.proposal(wanted.circuitId);
        if (proposal === undefined) throw new CircuitStateError(`circuit ${name} was proposed and is no proposal any more: somebody else holds the registry owner's key, or cancelled it`, { name });
        if (proposal.insecure) output.say('INSECURE: this verifier holds a development key; anyone can forge proofs for it');
        output.say(`${name} proposed (${gasUsed} gas): verifier ${verifier}, key ${proposal.verificationKeyHash}, code ${proposal.codeHash}`);
        const batchGas = await addToBatch(signer, deployment, gated);
        if (batchGas !== undefined) output.say(`the batch verifier of the clearing house has its key (${batchGas} gas)`);
        output.say(`anybody can add it from ${moment(proposal.readyAt)}: "clearproof circuit add ${name}"`);
        output.result({ name, ...proposal, gasUsed });
      });
    }));
}

/** Without its key there, trades of two accounts of a new circuit would wait until somebody adds it. Undefined where there is nothing to do. */
async function addToBatch(signer: ConnectedSigner, { clearing }: Deployment, { kind, key }: GatedCircuit): Promise<bigint | undefined> {
  if (clearing === undefined || kind !== 'account-transition') return undefined;
  return (await new ProofBatchClient(clearing.proofBatch, signer).addKey(key)).gasUsed;
}
