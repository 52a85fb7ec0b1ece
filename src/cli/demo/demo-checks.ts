import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Attestation } from '../../attestation/attestation.js';
import { parseReceipt, serializeReceipt } from '../../attestation/receipt-format.js';
import { SECRET_FILE, writeFileAtomically } from '../../file/atomic-file.js';
import { parseR1cs } from '../../groth16/r1cs.js';
import { epochShape } from '../../proving/epoch-shape.js';
import type { Output } from '../output.js';
import { buildPath } from '../project.js';
import type { CircuitSelection } from '../prove.js';
import { openProver } from '../prover.js';
import { ATTESTATION_FILE, publishEpoch } from '../publish.js';
import { printVerification, verifyReceiptFile } from '../verify.js';
import type { DemoChain } from './demo-chain.js';
import type { DemoVenue } from './demo-epoch.js';
import { heading, refusalOf } from './demo-steps.js';
import { ForgeryAcceptedError, forgeEpoch } from './forgery.js';

/** Three users verify; one of them changes a balance first and must be refused. */
export async function verifyReceipts(output: Output, files: readonly string[], chain: DemoChain): Promise<{ readonly verified: number; readonly refused: number }> {
  heading(output, 'Users verify');
  const { work } = chain.folders;
  const options = { rpc: chain.node.url, attestation: join(work, ATTESTATION_FILE), registry: chain.deployment.registry };
  let verified = 0;
  for (const [place, file] of files.entries()) {
    const { report, currency } = await verifyReceiptFile(file, options);
    if (place === 0) printVerification(output, report, currency);
    else output.say(`${file}: ${report.verdict}`);
    if (report.verdict === 'verified') verified += 1;
  }
  if (verified !== files.length) throw new ForgeryAcceptedError(`${files.length - verified} honest receipts did not verify`);

  const honest = parseReceipt(await readFile(files[1] as string, 'utf8'));
  const [first, ...others] = honest.holdings;
  const changed = first === undefined ? [{ index: 0, quantity: 1n }] : [{ ...first, quantity: first.quantity + 1n }, ...others];
  const file = join(work, 'tampered-receipt.json');
  await writeFileAtomically(file, serializeReceipt({ ...honest, holdings: changed }), SECRET_FILE);
  const { report } = await verifyReceiptFile(file, options);
  const failing = report.steps.find((step) => step.outcome === 'failed');
  output.say(`one balance changed by one quantum: ${report.verdict}${failing === undefined ? '' : ` (${failing.title})`}`);
  if (report.verdict !== 'not-verified' || failing?.id !== 'root') throw new ForgeryAcceptedError('a changed receipt was not refused at the root');
  return { verified, refused: 1 };
}

/** A venue of one batch hides its accounts under water: the close circuit refuses, and so does the registry. */
export async function refuseForgery(output: Output, circuits: CircuitSelection, honest: Attestation, { chain, liar: stored }: DemoVenue): Promise<void> {
  heading(output, 'A venue lies');
  const { snapshot } = await chain.client.openSnapshot();
  const shape = epochShape(circuits.chosen, stored.market, circuits.catalogue);
  const prover = await openProver(output, chain.folders.keys);
  try {
    const { attestation, closeRefusal } = await forgeEpoch(prover, shape, stored, honest, snapshot.epoch);
    output.say('a batch that claims accounts under water are healthy: provable, since a batch does not know prices');
    output.say(`its close: refused (${closeRefusal})`);
    const reason = await refusalOf('a forged epoch', () => publishEpoch(chain.operator, chain.deployment, attestation));
    output.say(`submitted with the close of the last epoch: refused by the registry (${reason})`);
    if (reason !== 'CloseProofRejected') throw new ForgeryAcceptedError(`the registry refused for another reason: ${reason}`);
  } finally {
    await prover.close();
  }
}

/** Of all proofs of an epoch, the market table's left out. */
export async function constraintsOf({ batches, close }: Attestation): Promise<number> {
  const count = async (name: string): Promise<number> => {
    const file = buildPath('circuits', name, `${name}.r1cs`);
    return parseR1cs(await readFile(file), file).constraints;
  };
  const counts = await Promise.all([...batches, ...(close.parts?.proofs ?? []), close].map(({ circuit }) => count(circuit)));
  return counts.reduce((sum, constraints) => sum + constraints, 0);
}
