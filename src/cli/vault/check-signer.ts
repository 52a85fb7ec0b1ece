import type { Command } from 'commander';
import { SolvencyGateClient } from '../../chain/gate-client.js';
import { circuitIdOf } from '../../commitment/digest.js';
import { readReceipt, requireVenue } from '../account/account-input.js';
import { vaultNullifier } from '../account/account-prover.js';
import { readSignerProof } from '../account/signer-file.js';
import type { Runner } from '../runner.js';
import { reading, withReader, type ReaderOptions } from '../with-chain.js';
import { AnswerError } from './answers.js';

type CheckOptions = ReaderOptions & { readonly receipt: string; readonly proof: string };

/** The owner commitment hides its signing key, and a request is deferred by that key's order only. */
export function addCheckSigner(vault: Command, run: Runner): void {
  withReader(vault.command('check-signer').description('check which key signs an account\'s orders: only that key\'s orders defer a request of the account'))
    .requiredOption('--receipt <file>', 'the user\'s receipt, as prove wrote it')
    .requiredOption('--proof <file>', 'the user\'s proof, as "account prove-signer" wrote it')
    .addHelpText('after', `
Example:
  clearproof vault check-signer --receipt epoch-5/receipts/00000017.json --proof signer.json \\
    --deployment deployment.json --rpc http://127.0.0.1:8545

Take no order of an account before: what it lost since a snapshot it could request, and you could not defer it.`)
    .action(run(async (output, options: CheckOptions) => {
      const [receipt, { circuit, epoch, signer, proof }] = [await readReceipt(options.receipt), await readSignerProof(options.proof)];
      if (epoch !== receipt.epoch) throw new AnswerError(`the proof is for epoch ${epoch}, the receipt of epoch ${receipt.epoch}: name the user's receipt of epoch ${epoch}`, { epoch });
      await reading(options, async ({ provider }, deployment) => {
        requireVenue({ receipt }, deployment);
        const nullifier = vaultNullifier(receipt);
        await new SolvencyGateClient(deployment.gate, deployment.venueId, provider).checkSigner({
          circuitId: circuitIdOf(circuit), epoch, nullifier, laterEpoch: epoch, laterNullifier: nullifier, signer, proof,
        });
        output.say(`orders of ${receipt.userId}, sub-account ${receipt.subAccount}, are those that ${signer} signs`);
        output.result({ userId: receipt.userId, subAccount: receipt.subAccount, owner: receipt.owner, signer });
      });
    }));
}
