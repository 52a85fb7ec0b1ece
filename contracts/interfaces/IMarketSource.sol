// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Level in a market table's header, with the header's codes.
enum MarginLevel {
    NONE,
    MAINTENANCE,
    INITIAL
}

/// @notice What is known on chain of an accepted market table.
/// @param snapshotTime Unix seconds the marks belong to
/// @param settlementAssets number of its cash and spot rows: the first so many of the venue's registered assets, in row order
struct Market {
    MarginLevel level;
    uint64 snapshotTime;
    uint32 settlementAssets;
}

/// @title Who decides which market tables a venue's epochs may close over
/// @notice A registry asks the source its venue was registered with, and answers for nothing a source says. A source accepts
/// a table only if its value scale is the venue's, its time is not after the block's, and each of its settlement assets,
/// of which there is at least one, is registered.
interface IMarketSource {
    error NotASettlementRow(uint256 venueId, uint256 row);

    /// @notice The accepted table with this commitment. Level NONE: not accepted, and the rest means nothing.
    /// @dev Append-only: once the level is not NONE the answer never changes, for epochs are recorded under it and readers
    /// ask again later. A view: the registry asks while it takes an epoch, by static call.
    /// @param venueId the venue's number in the registry the source serves
    /// @param commitment of the table, below p
    function market(uint256 venueId, uint256 commitment) external view returns (Market memory);

    /// @notice Circuit that an accepted table was proven in, of the registry's kind MARKET_TABLE; 0 where it was not proven but stated.
    /// @dev Append-only like the table. No epoch is taken over a table whose circuit is retired.
    function circuitOf(uint256 venueId, uint256 commitment) external view returns (uint256 circuitId);

    /// @notice Which settlement asset a row's holdings are: index into the registry's settlement assets of the venue.
    /// @dev Append-only like tables: a row never changes what it is. All tiers of a group are one asset.
    /// Reverts with NotASettlementRow for a row that is not listed, or neither cash nor spot.
    function assetOfRow(uint256 venueId, uint256 row) external view returns (uint256 asset);
}
