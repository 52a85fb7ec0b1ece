import { Contract } from 'ethers';
import { readContract, sendTransaction } from './contract-call.js';
import { deployContract, type DeployedContract, type ReportStep } from './deploy-contract.js';
import { SECURITY_MODULE_FACTORY_INTERFACE } from './mailbox-abi.js';
import type { ConnectedSigner } from './wallet.js';

/** Hyperlane's contracts on one chain. Addresses. */
export interface DeployedMailbox {
  readonly mailbox: string;
  readonly hook: string;
  readonly factory: string;
  /** Block of the mailbox. */
  readonly block: number;
}

/**
 * Puts Hyperlane's own contracts on a chain that has none: for local chains, since others have them. Default hook is the tree of messages, and the
 * required hook does nothing. The default security module is that of `validators`, and no gateway asks it.
 *
 * @param artifacts as src/toolchain/hyperlane.ts makes them
 * @param domain Hyperlane's number of the chain
 * @throws as deployContract
 */
export async function deployMailbox(
  signer: ConnectedSigner, artifacts: string, domain: number, validators: readonly string[], threshold: number, report?: ReportStep,
): Promise<DeployedMailbox> {
  const deploy = (name: string, args: readonly unknown[]): Promise<DeployedContract> => deployContract(signer, artifacts, name, args, report);
  const mailbox = await deploy('Mailbox', [domain]);
  const hook = await deploy('MerkleTreeHook', [mailbox.address]);
  const required = await deploy('PausableHook', []);
  const factory = await deploy('StaticMessageIdMultisigIsmFactory', []);
  const module = await deployModule(signer, factory.address, validators, threshold);
  await sendTransaction(mailbox.contract, 'setting up a mailbox', 'initialize', [signer.address, module, hook.address, required.address]);
  return { mailbox: mailbox.address, hook: hook.address, factory: factory.address, block: mailbox.receipt.blockNumber };
}

/** A security module for good: `threshold` of these validators. @returns its address, the same for the same list. Errors as sendTransaction */
export async function deployModule(signer: ConnectedSigner, factory: string, validators: readonly string[], threshold: number): Promise<string> {
  const contract = new Contract(factory, SECURITY_MODULE_FACTORY_INTERFACE, signer);
  const address = String(await readContract(contract, 'asking for a security module', 'getAddress', [validators, threshold]));
  await sendTransaction(contract, 'making a security module', 'deploy', [validators, threshold]);
  return address;
}

/** An adapter over a mailbox, which `signer` owns until it renounces. @param artifacts of our contracts */
export async function deployHyperlaneGateway(signer: ConnectedSigner, artifacts: string, mailbox: string, module: string, report?: ReportStep): Promise<DeployedContract> {
  return deployContract(signer, artifacts, 'HyperlaneGateway', [signer.address, mailbox, module], report);
}
