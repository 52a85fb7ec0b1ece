import { Contract, type ContractRunner, type Provider } from 'ethers';
import { readContract, sendTransaction, type ChainReceipt } from './contract-call.js';
import { GATEWAY_INBOX_INTERFACE } from './gateway-abi.js';
import { splitLogs } from './split-logs.js';
import { VAULT_INTERFACE } from './vault-abi.js';

/** The hub that a vault for satellites names. Errors as readContract, as below those of sendTransaction. */
export async function hubOfVault(vault: string, runner: ContractRunner): Promise<string> {
  return String(await readContract(new Contract(vault, ['function HUB() view returns (address)'], runner), 'asking a vault for its hub', 'HUB', []));
}

/** The signer must own the vault. */
export function allowToken(vault: string, token: string, runner: ContractRunner): Promise<ChainReceipt> {
  return sendTransaction(new Contract(vault, VAULT_INTERFACE, runner), `allowing token ${token}`, 'setTokenAllowed', [token, true]);
}

/** How often an inbox told of this, for all messages. */
export async function inboxEvents(provider: Provider, inbox: string, event: 'MessageDelivered' | 'MessageTaken' | 'DuplicateDelivery'): Promise<number> {
  const topics = GATEWAY_INBOX_INTERFACE.getEvent(event)?.topicHash;
  return (await splitLogs(provider, { address: inbox, topics: [topics ?? null], fromBlock: 0 }, `counting ${event}`)).length;
}
