// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {BatchSignals} from "../../contracts/libraries/BatchSignals.sol";
import {CloseSignals} from "../../contracts/libraries/CloseSignals.sol";
import {TestBase} from "./TestBase.sol";

/// @dev Names and places of public signals; signal-order.test.ts compares the places with circuits.json.
contract SignalOrderTest is TestBase {
    function testFuzz_batchSignalsAreNamedAsTheyAreOrdered(uint256[4] memory signals) public pure {
        BatchSignals.Named memory named = BatchSignals.named(signals);
        assertEq(named.domain, signals[0], "domain first");
        assertEq(named.accumulatorAfter, signals[3], "accumulatorAfter last");
        bytes32 again = keccak256(abi.encode(BatchSignals.ordered(named)));
        assertEq(again, keccak256(abi.encode(signals)), "round trip");
    }

    function testFuzz_closeSignalsAreNamedAsTheyAreOrdered(uint256[11] memory signals) public pure {
        CloseSignals.Named memory named = CloseSignals.named(signals);
        assertEq(named.domain, signals[0], "domain first");
        assertEq(named.settlementValue, signals[10], "settlementValue last");
        bytes32 again = keccak256(abi.encode(CloseSignals.ordered(named)));
        assertEq(again, keccak256(abi.encode(signals)), "round trip");
    }
}
