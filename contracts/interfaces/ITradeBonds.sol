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

/// @param registered both bonds are held
/// @param buyerPresented the side brought a proof that held then, and `buyerCommitment` is what the account was
struct AgreementState {
    bool registered;
    bool closed;
    bool buyerPresented;
    bool sellerPresented;
    address buyerController;
    address sellerController;
    uint256 bond;
    uint256 buyerCommitment;
    uint256 sellerCommitment;
}

/// @title Bonds for walking away from an agreed trade
/// @notice Settlement needs none: two proofs are enough. This is for who does not trust the other to bring theirs.
interface ITradeBonds {
    event BondAdded(address indexed account, uint256 amount);
    event BondWithdrawn(address indexed account, uint256 amount);
    event AgreementRegistered(bytes32 indexed agreement, uint256 indexed tradeCommitment, uint256 bond);
    event SidePresented(bytes32 indexed agreement, bool seller);
    event AgreementClosed(bytes32 indexed agreement, address toBuyer, uint256 buyerAmount, address toSeller, uint256 sellerAmount);
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

    function addBond() external payable;
    /// @notice What is not held for an agreement.
    function withdrawBond(uint256 amount) external;
    function bondOf(address account) external view returns (uint256 free);

    /// @notice Holds both bonds until the trade settles or its time is over. Anybody with both signatures, before then.
    function register(Agreement calldata agreement, bytes calldata buyerSignature, bytes calldata sellerSignature) external;

    /// @notice Makes the caller's own signature of an agreement that is not registered worthless.
    function cancel(Agreement calldata agreement) external;

    /// @notice Brings one side's proof, which the house must take as valid now; again, if the account changed since. With the second side the trade settles.
    /// @param receipt what the house asks for when both settle
    function present(Agreement calldata agreement, bool seller, Transition calldata side, bytes calldata receipt) external;

    /// @notice After settlement each gets its own bond; after the time a side that presented, and whose account is as it was then, takes
    /// the bond of a side for which that is not so; otherwise each gets its own. Anybody.
    function close(Agreement calldata agreement) external;

    function stateOf(bytes32 agreement) external view returns (AgreementState memory);
    /// @notice EIP-712 digest of an agreement.
    function agreementDigest(Agreement calldata agreement) external view returns (bytes32);
}
