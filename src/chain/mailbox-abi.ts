import { Interface } from 'ethers';

/** Hyperlane's Mailbox as relayers use it; test/chain/gateway-abi.test.ts compares it with the package's contracts. */
export const MAILBOX_INTERFACE = new Interface([
  'function delivered(bytes32 _id) view returns (bool)',
  'function localDomain() view returns (uint32)',
  'function process(bytes _metadata, bytes _message) payable',
  'event Dispatch(address indexed sender, uint32 indexed destination, bytes32 indexed recipient, bytes message)',
  'event ProcessId(bytes32 indexed messageId)',
]);

export const MERKLE_TREE_HOOK_INTERFACE = new Interface([
  'function count() view returns (uint32)',
  'function root() view returns (bytes32)',
  'event InsertedIntoTree(bytes32 messageId, uint32 index)',
]);

export const SECURITY_MODULE_INTERFACE = new Interface([
  'function validatorsAndThreshold(bytes) pure returns (address[], uint8)',
  'function verify(bytes _metadata, bytes _message) view returns (bool)',
]);

export const SECURITY_MODULE_FACTORY_INTERFACE = new Interface([
  'function deploy(address[] _values, uint8 _threshold) returns (address)',
  'function getAddress(address[] _values, uint8 _threshold) view returns (address)',
]);
