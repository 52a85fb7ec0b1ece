// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Trade, Transition} from "./ClearingTypes.sol";

/// @notice What both controllers sign: EIP-712 Agreement(uint256 tradeCommitment,uint64 buyer,uint64 seller,uint64 expiry,uint256 bond),
/// domain "Clearproof TradeBonds", version "1".
/// @param bond wei that each side stands in with
struct Agreement {
    Trade trade;
    uint256 bond;
}

/// @param controller of the account when the agreement was registered: its bond is held
/// @param commitment what the account was when the side was presented
/// @param presentedAt Unix seconds since which the side, of this commitment, is presented; 0 if it never was
/// @param open the house took new risk then: the other side, whatever it would do, could come too
/// @param confirmed the house took it again, and new risk too, RESPONSE_WINDOW after that or later
struct AgreementSide {
    address controller;
    uint64 presentedAt;
    bool open;
    bool confirmed;
    uint256 commitment;
}

/// @param met both sides were presented at once: neither walked away, and both bonds go back
struct AgreementState {
    bool registered;
    bool closed;
    bool met;
    uint256 bond;
    AgreementSide buyer;
    AgreementSide seller;
}

/// @title Bonds for walking away from an agreed trade
/// @notice Settlement needs none: two proofs are enough. This is for who does not trust the other to bring theirs.
/// @dev A side loses its bond only if it brought no proof although the house took the other's twice, RESPONSE_WINDOW apart, and any trade
/// at both times: whoever presents when the other does is safe, whatever becomes of the trade. That a side kept its opening from the operator, so that there is
/// no receipt to settle with, cannot be told from an operator that refused it, so nobody loses a bond for that.
interface ITradeBonds {
    event BondAdded(address indexed account, uint256 amount);
    event BondWithdrawn(address indexed account, uint256 amount);
    event AgreementRegistered(bytes32 indexed agreement, uint256 indexed tradeCommitment, uint256 bond);
    /// @param side what the other needs to settle at the house without this contract
    event SidePresented(bytes32 indexed agreement, bool seller, bool confirmed, Transition side);
    /// @notice Both sides are there and the house refused, for `reason`: anybody can still settle with what it asks for.
    event SettlementRefused(bytes32 indexed agreement, bytes reason);
    /// @notice What this side presented the house takes no more, though its account is as it was: it is not there until it is presented again.
    event PresenceLost(bytes32 indexed agreement, bool seller);
    event AgreementClosed(
        bytes32 indexed agreement, address toBuyer, uint256 buyerAmount, address toSeller, uint256 sellerAmount
    );
    event AgreementCancelled(bytes32 indexed agreement, address indexed controller);

    error AgreementKnown(bytes32 agreement);
    error AgreementUnknown(bytes32 agreement);
    error AgreementOver(bytes32 agreement);
    error AgreementRunning(uint64 expiry, uint256 now_);
    error CancelledBySigner(bytes32 agreement, address controller);
    error NotSigned(uint64 handle);
    error BondTooSmall(address account, uint256 free, uint256 bond);
    error NotAParty(address caller);
    error BondNotSent(address to);
    error TooLittleGas();

    function addBond() external payable;
    /// @notice What is not held for an agreement.
    function withdrawBond(uint256 amount) external;
    function bondOf(address account) external view returns (uint256 free);

    /// @notice Holds both bonds until the trade settles or its time is over. Anybody with both signatures, before then.
    /// @dev Of controllers that are contracts their answer counts. An agreement is registered once; so is not one whose trade settled.
    function register(Agreement calldata agreement, bytes calldata buyerSignature, bytes calldata sellerSignature)
        external;

    /// @notice Makes the caller's own signature of an agreement that is not registered worthless.
    function cancel(Agreement calldata agreement) external;

    /// @notice Brings one side's proof, which the house must take as valid now. With the other side there too the trade settles.
    /// @dev Again if the account changed since; and again, unchanged, RESPONSE_WINDOW or more later, to confirm it: only what was
    /// confirmed takes a bond, or a side presented in the last second would leave the other no time. Nor does the window run while the
    /// house takes only what reduces risk, which one side may do and the other not. Anybody can present.
    /// @param receipt what the house asks for when both settle
    function present(Agreement calldata agreement, bool seller, Transition calldata side, bytes calldata receipt)
        external;

    /// @notice After settlement each gets its own bond; after the time a side that was confirmed, and whose account is as it was then,
    /// takes the bond of a side for which it is not as presented, unless both were there at once; otherwise each gets its own. Anybody.
    /// @dev Bonds go to what their owner has free here: nobody is called.
    function close(Agreement calldata agreement) external;

    /// @notice Seconds that a side has to answer a presented one.
    function RESPONSE_WINDOW() external view returns (uint64);
    function stateOf(bytes32 agreement) external view returns (AgreementState memory);
    /// @notice EIP-712 digest of an agreement.
    function agreementDigest(Agreement calldata agreement) external view returns (bytes32);
}
