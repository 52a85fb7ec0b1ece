// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {HouseFixture} from "./HouseFixture.sol";
import {Settlement} from "../../../contracts/interfaces/ClearingTypes.sol";

contract HouseTradesTest is HouseFixture {
    function test_smoke() public {
        Settlement memory s = sealBoth(draftSettlement(alice, bob, table));
        settle(s);
        assertEq(commitmentOf(alice), s.buyerSide.newCommitment, "alice");
    }
}
