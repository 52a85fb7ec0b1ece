// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {MarginLevel, Market} from "../../../contracts/interfaces/IMarketSource.sol";

/// @dev Has the source's function, but not as a view: it remembers being asked.
contract WritingMarketSource {
    uint256 public asked;

    function market(uint256, uint256) external returns (Market memory) {
        ++asked;
        return Market(MarginLevel.MAINTENANCE, uint64(block.timestamp), 2);
    }
}
