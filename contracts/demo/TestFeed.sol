// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IAggregatorV3} from "../interfaces/IAggregatorV3.sol";
import {TestChainContract} from "./TestChainContract.sol";

/// @title Stand-in for a Chainlink aggregator, whose answers its maker writes
/// @notice For demos and tests on local chains, which have no oracle.
contract TestFeed is IAggregatorV3, TestChainContract {
    error NotTheMaker(address caller);

    address private immutable _MAKER;
    uint8 public immutable decimals;

    uint80 private _round;
    int256 private _answer;
    uint256 private _updatedAt;

    constructor(uint8 decimals_, int256 first) {
        _MAKER = msg.sender;
        decimals = decimals_;
        _set(first);
    }

    /// @notice Opens a round with this answer now.
    function setAnswer(int256 answer) external {
        if (msg.sender != _MAKER) revert NotTheMaker(msg.sender);
        _set(answer);
    }

    /// @inheritdoc IAggregatorV3
    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        return (_round, _answer, _updatedAt, _updatedAt, _round);
    }

    function _set(int256 answer) private {
        ++_round;
        _answer = answer;
        _updatedAt = block.timestamp;
    }
}
