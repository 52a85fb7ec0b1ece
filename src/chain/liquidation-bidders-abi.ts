import { Interface } from 'ethers';

/** LiquidationBidders as clients use it, and every error it can raise. Written out, so that a browser needs no build artefact; test/chain/liquidations-abi.test.ts compares it with the compiled contract. */
export const LIQUIDATION_BIDDERS_ABI: readonly string[] = [
  'function HOUSE() view returns (address)',
  'function approve(uint256 venueId, address bidder, bytes32 encryptionKey)',
  'function biddersOf(uint256 venueId) view returns (address[] bidders, bytes32[] encryptionKeys)',
  'function remove(uint256 venueId, address bidder)',
  'function sealOpening(uint64 handle, uint256 commitment, bytes[] ciphertexts)',
  'event BidderApproved(uint256 indexed venueId, address indexed bidder, bytes32 encryptionKey)',
  'event BidderRemoved(uint256 indexed venueId, address indexed bidder)',
  'event OpeningSealed(uint64 indexed handle, uint256 indexed commitment, address[] bidders, bytes[] ciphertexts)',
  'error BadKey(bytes32 encryptionKey)',
  'error CiphertextCount(uint256 got, uint256 wanted)',
  'error CiphertextTooLong(uint256 got, uint256 most)',
  'error NotABidder(uint256 venueId, address bidder)',
  'error NotItsCommitment(uint64 handle, uint256 got, uint256 expected)',
  'error NotOperator(uint256 venueId, address caller)',
  'error TooManyBidders(uint256 most)',
];

export const LIQUIDATION_BIDDERS_INTERFACE = new Interface(LIQUIDATION_BIDDERS_ABI);
