// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IDisputeSource} from "../../../contracts/interfaces/IDisputeSource.sol";

/// @dev A dispute source that answers, reverts, or eats all gas it is given.
contract OddDisputes is IDisputeSource {
    enum Oddity {
        NONE,
        REVERTS,
        EATS_GAS
    }

    Oddity public oddity;
    uint64 private _since;

    function set(Oddity oddity_, uint64 since) external {
        (oddity, _since) = (oddity_, since);
    }

    function disputedSince(uint256) external view returns (uint64) {
        require(oddity != Oddity.REVERTS, "no answer");
        while (oddity == Oddity.EATS_GAS) {}
        return _since;
    }

    function settlementWindow() external pure returns (uint256) {
        return 1;
    }

    function isContested(uint256, uint64) external pure returns (bool) {
        return false;
    }
}
