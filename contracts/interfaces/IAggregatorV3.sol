// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title What the board calls of a Chainlink price aggregator or L2 sequencer uptime feed
/// @dev The functions it uses of Chainlink's AggregatorV3Interface, with their ABI. A sequencer feed answers 0 while the
/// sequencer is up, and `startedAt` is when that began.
interface IAggregatorV3 {
    function decimals() external view returns (uint8);

    function latestRoundData()
        external
        view
        returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound);
}
