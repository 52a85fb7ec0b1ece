// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Structs of Pyth, with their ABI
library PythStructs {
    /// @param price the price is price * 10^expo
    /// @param conf confidence interval around it, same exponent
    /// @param publishTime Unix seconds
    struct Price {
        int64 price;
        uint64 conf;
        int32 expo;
        uint256 publishTime;
    }
}

/// @title What the board calls of a Pyth contract
/// @dev The functions it uses of Pyth's pull interface, with their ABI.
interface IPyth {
    /// @notice Stores the prices of signed updates that are newer than those it has.
    function updatePriceFeeds(bytes[] calldata updateData) external payable;

    /// @notice Fee in wei for these updates.
    function getUpdateFee(bytes[] calldata updateData) external view returns (uint256);

    /// @notice The last stored price, however old.
    function getPriceUnsafe(bytes32 id) external view returns (PythStructs.Price memory);
}
