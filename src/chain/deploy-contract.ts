import { Contract, ContractFactory, getAddress, type Signer } from 'ethers';
import { readArtifact } from './contract-artifact.js';
import { chainError, type ChainReceipt } from './contract-call.js';
import { ChainRequestError } from './errors.js';
import { minedReceipt } from './mined-receipt.js';

/** Told of each transaction: what it did and what it cost. */
export type ReportStep = (step: string, receipt: ChainReceipt) => void;

/** A contract that was just put on the chain. */
export interface DeployedContract {
  readonly address: string;
  readonly contract: Contract;
  readonly receipt: ChainReceipt;
}

/** Deploys `<artifacts>/<name>.json`. @throws ContractArtifactError, ContractRevertedError, ChainUnreachableError, ChainRequestError */
export async function deployContract(
  signer: Signer, artifacts: string, name: string, args: readonly unknown[], report: ReportStep = () => undefined,
): Promise<DeployedContract> {
  const artifact = await readArtifact(artifacts, name);
  try {
    const deployed = await new ContractFactory(artifact.interface, artifact.bytecode, signer).deploy(...args);
    const sent = deployed.deploymentTransaction();
    const receipt = sent && await minedReceipt(sent);
    if (!receipt) throw new ChainRequestError(`deploying ${name}: no receipt came; ask the node for its state before trying again`);
    const costs = { transactionHash: receipt.hash, blockNumber: receipt.blockNumber, gasUsed: receipt.gasUsed };
    report(`deploy ${name}`, costs);
    const address = getAddress(await deployed.getAddress());
    return { address, contract: new Contract(address, artifact.interface, signer), receipt: costs };
  } catch (cause) {
    throw chainError(cause, `deploying ${name}`, artifact.interface);
  }
}
