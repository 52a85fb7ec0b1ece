// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IReserveSource} from "./IReserveSource.sol";

/// @title ERC-20 escrow with one ledger of reserves and one of insurance funds per venue
/// @notice A venue's admin may withdraw at any time: a checkpoint says what was here when the snapshot opened, and no more.
/// Reserves borrowed for that moment are not detected. The vault that locks them is a later contract.
interface IReserveEscrow is IReserveSource {
    event TokenAllowed(address indexed token, bool allowed);
    /// @notice Amounts are token base units that arrived, not those asked for.
    event ReservesDeposited(uint256 indexed venueId, address indexed token, address indexed from, uint256 received);
    event ReservesWithdrawn(uint256 indexed venueId, address indexed token, address indexed to, uint256 amount);
    event FundDeposited(uint256 indexed venueId, address indexed token, address indexed from, uint256 received);
    event FundWithdrawn(uint256 indexed venueId, address indexed token, address indexed to, uint256 amount);

    error TokenNotAllowed(address token);
    error LedgerTooSmall(uint256 venueId, address token, uint256 held, uint256 asked);
    error NotVenueAdmin(uint256 venueId, address caller);
    error CheckpointInThisBlock(uint256 venueId, uint256 blockNumber);

    /// @notice Puts a token on the list or takes it off. Off the list it can be withdrawn, is not accepted, and counts for nothing.
    /// @dev Owner only. Tokens whose balances move by themselves (rebasing) do not belong on it.
    function setTokenAllowed(address token, bool allowed) external;

    /// @notice Adds to a venue's reserves; anybody may. Credits what arrives.
    function depositReserves(uint256 venueId, address token, uint256 amount) external;

    /// @notice Adds to a venue's insurance fund; anybody may. Credits what arrives.
    function depositFund(uint256 venueId, address token, uint256 amount) external;

    /// @notice Venue admin only; not in the block of a checkpoint. Later checkpoints fall by `amount`.
    function withdrawReserves(uint256 venueId, address token, uint256 amount, address to) external;

    /// @notice Venue admin only; not in the block of a checkpoint. Later checkpoints fall by `amount`.
    function withdrawFund(uint256 venueId, address token, uint256 amount, address to) external;

    /// @notice Token base units on the venue's reserve ledger.
    function reservesOf(uint256 venueId, address token) external view returns (uint256);

    /// @notice Token base units on the venue's fund ledger.
    function fundOf(uint256 venueId, address token) external view returns (uint256);

    function isTokenAllowed(address token) external view returns (bool);
}
