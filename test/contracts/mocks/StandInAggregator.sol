// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IAggregatorV3} from "../../../contracts/interfaces/IAggregatorV3.sol";

/// @dev Answers what a test sets, fails, or answers too little.
contract StandInAggregator is IAggregatorV3 {
    enum Fault {
        NONE,
        REVERTS,
        SHORT
    }

    struct Answer {
        uint80 roundId;
        int256 answer;
        uint256 startedAt;
        uint256 updatedAt;
        uint80 answeredInRound;
    }

    uint8 private _decimals;
    Answer private _answer;
    Fault private _fault;

    constructor(uint8 decimals_) {
        _decimals = decimals_;
    }

    function set(int256 answer, uint256 updatedAt) external {
        uint80 id = _answer.roundId + 1;
        _answer = Answer(id, answer, updatedAt, updatedAt, id);
    }

    function setRaw(Answer calldata answer) external {
        _answer = answer;
    }

    function setDecimals(uint8 decimals_) external {
        _decimals = decimals_;
    }

    function setFault(Fault fault) external {
        _fault = fault;
    }

    function decimals() external view returns (uint8) {
        return _decimals;
    }

    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        require(_fault != Fault.REVERTS, "down");
        if (_fault == Fault.SHORT) {
            assembly {
                return(0, 64)
            }
        }
        Answer memory a = _answer;
        return (a.roundId, a.answer, a.startedAt, a.updatedAt, a.answeredInRound);
    }
}
