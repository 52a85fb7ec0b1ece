// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IAggregatorV3} from "../interfaces/IAggregatorV3.sol";
import {MarginClaim} from "../interfaces/ISolvencyGate.sol";

enum OptionKind {
    CALL,
    PUT
}

/// @notice A European option between two parties, settled in cash. Times are Unix seconds.
/// @param token of premium, bond and payoff; base units
/// @param premium paid to the writer
/// @param bond the writer's stake, which the payoff is taken from first: less than a payoff can be
/// @param oracle whose answer is the price; `strike` has its decimals
/// @param maxPriceAge seconds the answer may be old when it is taken
/// @param quantity 10^-18 token base units owed for each unit of the answer beyond the strike
/// @param offerUntil last second in which the writer can write it
/// @param expiry first second in which a price counts
/// @param topUpWindow seconds the writer has for what the bond leaves unpaid
/// @param salt lets the same parties agree the same twice
struct OptionTerms {
    address buyer;
    address writer;
    IERC20 token;
    uint256 premium;
    uint256 bond;
    IAggregatorV3 oracle;
    uint32 maxPriceAge;
    OptionKind kind;
    uint128 strike;
    uint128 quantity;
    uint64 offerUntil;
    uint64 expiry;
    uint32 topUpWindow;
    uint256 salt;
}

enum OptionStatus {
    NONE,
    OFFERED,
    WITHDRAWN,
    WRITTEN,
    /// A price is fixed, and the writer owes more than the bond.
    UNPAID,
    DEFAULTED,
    SETTLED
}

/// @param account names the writer's account in the epoch of its proof, to this contract only
/// @param unpaid token base units the writer still owes
/// @param dueAt last second before a default can be declared
struct OptionState {
    OptionStatus status;
    uint64 dueAt;
    uint256 account;
    uint256 unpaid;
}

/// @title Options agreed between two parties, whose writer has a proven account at a venue and posts a part of what it may owe
/// @notice What the writer's proof shows: an account in the venue's latest snapshot meets initial margin. What it does not:
/// trades the account made since; that anything is in it, for an empty account meets every margin; what the same account
/// backs elsewhere, where it bears another number. Nobody here can seize anything of it: what the bond leaves unpaid is owed
/// under whatever the parties agreed, and a default is a record. A buyer prices the bond as if it were all there is.
interface IOtcOptionSettlement {
    event OptionOffered(bytes32 indexed optionId, OptionTerms terms);
    event OfferWithdrawn(bytes32 indexed optionId);
    event OptionWritten(bytes32 indexed optionId, uint256 indexed account, uint64 epoch);
    event PriceFixed(bytes32 indexed optionId, uint256 price, uint256 owed, uint256 unpaid);
    event ToppedUp(bytes32 indexed optionId, address indexed from, uint256 amount, uint256 unpaid);
    event WriterDefaulted(bytes32 indexed optionId, address indexed writer, uint256 indexed account, uint256 unpaid);
    event OptionSettled(bytes32 indexed optionId);
    event OptionVoided(bytes32 indexed optionId);

    error NotBuyer(address caller);
    error NotWriter(address caller);
    error WrongStatus(bytes32 optionId, OptionStatus status);
    error InvalidTerms(bytes32 what);
    error OfferEnded(uint256 offerUntil, uint256 now_);
    error NotExpired(uint256 expiry, uint256 now_);
    error AccountWroteBefore(uint256 account);
    error PriceNotPositive(int256 answer);
    error PriceOutOfRange(int256 answer);
    error PriceBeforeExpiry(uint256 updatedAt, uint256 expiry);
    error PriceTooOld(uint256 age, uint256 maxAge);
    error RoundIncomplete(uint256 roundId, uint256 answeredInRound);
    error NotDueYet(uint256 dueAt, uint256 now_);
    error TopUpTooLarge(uint256 got, uint256 unpaid);

    /// @notice Offers to buy, and puts the premium down. The buyer only.
    function offer(OptionTerms calldata terms) external returns (bytes32 optionId);

    /// @notice Returns the premium of an offer nobody took. The buyer only, in every mode.
    function withdrawOffer(OptionTerms calldata terms) external;

    /// @notice Writes an offered option: the writer proves initial margin under `writeAction(terms)`, posts the bond and gets
    /// the premium. The writer only, while the gate is OPEN; an account once an epoch.
    function write(OptionTerms calldata terms, MarginClaim calldata claim) external;

    /// @notice Takes the first price it is shown that is of the expiry or later, and pays out of the bond. Anybody, in every mode.
    /// @dev Either party can call as soon as there is such a price, so neither can choose among later ones.
    function fixPrice(OptionTerms calldata terms) external;

    /// @notice Pays what the bond left unpaid, also after a default. Anybody, in every mode.
    function topUp(OptionTerms calldata terms, uint256 amount) external;

    /// @notice Records that the writer did not pay in its window. Anybody, in every mode.
    function declareDefault(OptionTerms calldata terms) external;

    /// @notice Returns the bond where no price was fixed for `PRICE_WINDOW` after the expiry: the oracle that both parties chose
    /// failed, or nobody asked it. Anybody, in every mode.
    function voidUnpriced(OptionTerms calldata terms) external;

    /// @notice What the writer's proof is made for.
    function writeAction(OptionTerms calldata terms) external pure returns (bytes32);

    function optionIdOf(OptionTerms calldata terms) external pure returns (bytes32);

    function optionAt(bytes32 optionId) external view returns (OptionState memory);

    /// @notice Token base units owed at a price, rounded down.
    function payoffOf(OptionTerms calldata terms, uint128 price) external pure returns (uint256);
}
