// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Action, IPriceBoard} from "../../../contracts/interfaces/IPriceBoard.sol";

/// @dev A contract that asks before it settles, and does not ask before it lets go of what no margin depends on.
contract StandInClearing {
    IPriceBoard private immutable _prices;
    uint256 private immutable _venueId;
    uint256 public exits;

    constructor(IPriceBoard prices, uint256 venueId) {
        (_prices, _venueId) = (prices, venueId);
    }

    function settle() external view {
        require(_prices.allows(_venueId, Action.NEW_RISK), "stale");
    }

    function liquidate() external view {
        require(_prices.allows(_venueId, Action.LIQUIDATION), "stale");
    }

    function exit() external {
        require(_prices.allows(_venueId, Action.EXIT), "never");
        ++exits;
    }
}
