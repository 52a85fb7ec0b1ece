import { Interface } from 'ethers';

const ADAPTER_ERRORS = [
  'error ConnectedBefore(uint256 chainId)',
  'error DeliveredBefore(bytes32 sendId)',
  'error InvalidConnection(uint256 chainId, uint256 transportDomain, address counterpart)',
  'error NotAnEvmAddress(bytes recipient)',
  'error NotConnected(uint256 chainId)',
  'error NotCounterpart(uint256 chainId, bytes32 sender)',
  'error NotTransport(address caller)',
  'error OwnableUnauthorizedAccount(address account)',
  'error RecipientRefused(address recipient)',
  'error TransportWithoutCode(address transport)',
  'error UnsupportedAttribute(bytes4 selector)',
  'error WrongFee(uint256 got, uint256 wanted)',
] as const;

/** A gateway adapter; test/chain/gateway-abi.test.ts compares it with the compiled contracts, as the others here. */
export const GATEWAY_ABI: readonly string[] = [
  'function connect(uint256 chainId, uint256 transportDomain, address counterpart)',
  'function counterpartOf(uint256 chainId) view returns (address)',
  'function isDelivered(uint256 chainId, bytes32 sendId) view returns (bool)',
  'function owner() view returns (address)',
  'function quote(bytes recipient, bytes payload) view returns (uint256)',
  'function renounceOwnership()',
  'function sendMessage(bytes recipient, bytes payload, bytes[] attributes) payable returns (bytes32 sendId)',
  'function transportDomainOf(uint256 chainId) view returns (uint256)',
  'event Connected(uint256 indexed chainId, bytes32 transportDomain, address counterpart)',
  'event MessageSent(bytes32 indexed sendId, bytes sender, bytes recipient, bytes payload, uint256 value, bytes[] attributes)',
  ...ADAPTER_ERRORS,
];
export const GATEWAY_INTERFACE = new Interface(GATEWAY_ABI);

/** What only the adapter over Hyperlane has. */
export const HYPERLANE_GATEWAY_ABI: readonly string[] = [
  'function MAILBOX() view returns (address)',
  'function handle(uint32 origin, bytes32 sender, bytes message) payable',
  'function interchainSecurityModule() view returns (address)',
];
export const HYPERLANE_GATEWAY_INTERFACE = new Interface([...GATEWAY_ABI, ...HYPERLANE_GATEWAY_ABI]);

/** Who makes messages: beacons, hubs, satellites. */
export const MESSAGE_ORIGIN_ABI: readonly string[] = [
  'function isMade(bytes32 payloadHash) view returns (bool)',
  'function relay(bytes payload, address gateway, bytes recipient) payable returns (bytes32 sendId)',
  'event MessageMade(uint256 indexed venueId, uint64 indexed sequence, bytes32 indexed payloadHash, bytes payload)',
  'event MessageRelayed(bytes32 indexed payloadHash, address indexed gateway, bytes recipient, bytes32 sendId)',
  'error NotMadeHere(bytes32 payloadHash)',
];
export const MESSAGE_ORIGIN_INTERFACE = new Interface([...MESSAGE_ORIGIN_ABI, ...ADAPTER_ERRORS]);

/** Who takes messages: mirrors, hubs, satellites. */
export const GATEWAY_INBOX_ABI: readonly string[] = [
  'function gatewaysOf(bytes32 source) view returns (tuple(address[] gateways, uint8 threshold) set, uint32 version)',
  'function votesOf(bytes32 source, bytes32 payloadHash) view returns (uint256 votes, bool taken)',
  'event DuplicateDelivery(bytes32 indexed source, bytes32 indexed payloadHash, address indexed gateway)',
  'event MessageDelivered(bytes32 indexed source, bytes32 indexed payloadHash, address indexed gateway, uint256 votes)',
  'event MessageTaken(bytes32 indexed source, bytes32 indexed payloadHash)',
];
export const GATEWAY_INBOX_INTERFACE = new Interface(GATEWAY_INBOX_ABI);
