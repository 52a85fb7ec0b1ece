// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {AccountExitSignals} from "../../contracts/libraries/AccountExitSignals.sol";
import {AccountInclusionSignals} from "../../contracts/libraries/AccountInclusionSignals.sol";
import {AccountMarginSignals} from "../../contracts/libraries/AccountMarginSignals.sol";
import {AccountSignerSignals} from "../../contracts/libraries/AccountSignerSignals.sol";
import {AccountTransitionSignals} from "../../contracts/libraries/AccountTransitionSignals.sol";
import {BatchSignals} from "../../contracts/libraries/BatchSignals.sol";
import {CloseEndSignals} from "../../contracts/libraries/CloseEndSignals.sol";
import {ClosePartSignals} from "../../contracts/libraries/ClosePartSignals.sol";
import {CloseSignals} from "../../contracts/libraries/CloseSignals.sol";
import {MarketTableSignals} from "../../contracts/libraries/MarketTableSignals.sol";
import {RowMarkSignals} from "../../contracts/libraries/RowMarkSignals.sol";
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

    function testFuzz_partSignalsAreNamedAsTheyAreOrdered(uint256[4] memory signals) public pure {
        ClosePartSignals.Named memory named = ClosePartSignals.named(signals);
        assertEq(named.tableBefore, signals[2], "tableBefore third");
        assertEq(named.tableAfter, signals[3], "tableAfter last");
        bytes32 again = keccak256(abi.encode(ClosePartSignals.ordered(named)));
        assertEq(again, keccak256(abi.encode(signals)), "round trip");
    }

    function testFuzz_endSignalsAreNamedAsTheyAreOrdered(uint256[13] memory signals) public pure {
        CloseEndSignals.Named memory named = CloseEndSignals.named(signals);
        assertEq(named.close.domain, signals[0], "domain first");
        assertEq(named.close.settlementValue, signals[10], "settlementValue before the table");
        assertEq(named.tableStart, signals[11], "tableStart");
        assertEq(named.tableEnd, signals[12], "tableEnd last");
        bytes32 again = keccak256(abi.encode(CloseEndSignals.ordered(named)));
        assertEq(again, keccak256(abi.encode(signals)), "round trip");
    }

    function testFuzz_marketTableSignalsAreNamedAsTheyAreOrdered(uint256[8] memory signals) public pure {
        MarketTableSignals.Named memory named = MarketTableSignals.named(signals);
        assertEq(named.domain, signals[0], "domain first");
        assertEq(named.tableValue, signals[7], "tableValue last");
        bytes32 again = keccak256(abi.encode(MarketTableSignals.ordered(named)));
        assertEq(again, keccak256(abi.encode(signals)), "round trip");
    }

    function testFuzz_inclusionSignalsAreNamedAsTheyAreOrdered(uint256[3] memory signals) public pure {
        AccountInclusionSignals.Named memory named = AccountInclusionSignals.named(signals);
        assertEq(named.domain, signals[0], "domain first");
        assertEq(named.balance, signals[2], "balance last");
        bytes32 again = keccak256(abi.encode(AccountInclusionSignals.ordered(named)));
        assertEq(again, keccak256(abi.encode(signals)), "round trip");
    }

    function testFuzz_marginSignalsAreNamedAsTheyAreOrdered(uint256[4] memory signals) public pure {
        AccountMarginSignals.Named memory named = AccountMarginSignals.named(signals);
        assertEq(named.frame, signals[0], "frame first");
        assertEq(named.nullifierNext, signals[3], "nullifierNext last");
        bytes32 again = keccak256(abi.encode(AccountMarginSignals.ordered(named)));
        assertEq(again, keccak256(abi.encode(signals)), "round trip");
    }

    function testFuzz_exitSignalsAreNamedAsTheyAreOrdered(uint256[4] memory signals) public pure {
        AccountExitSignals.Named memory named = AccountExitSignals.named(signals);
        assertEq(named.frame, signals[0], "frame first");
        assertEq(named.nullifier, signals[3], "nullifier last");
        bytes32 again = keccak256(abi.encode(AccountExitSignals.ordered(named)));
        assertEq(again, keccak256(abi.encode(signals)), "round trip");
    }

    function testFuzz_signerSignalsAreNamedAsTheyAreOrdered(uint256[5] memory signals) public pure {
        AccountSignerSignals.Named memory named = AccountSignerSignals.named(signals);
        assertEq(named.domain, signals[0], "domain first");
        assertEq(named.signer, signals[4], "signer last");
        bytes32 again = keccak256(abi.encode(AccountSignerSignals.ordered(named)));
        assertEq(again, keccak256(abi.encode(signals)), "round trip");
    }

    function testFuzz_transitionSignalsAreNamedAsTheyAreOrdered(uint256[5] memory signals) public pure {
        AccountTransitionSignals.Named memory named = AccountTransitionSignals.named(signals);
        assertEq(named.frame, signals[0], "frame first");
        assertEq(named.delta, signals[4], "delta last");
        bytes32 again = keccak256(abi.encode(AccountTransitionSignals.ordered(named)));
        assertEq(again, keccak256(abi.encode(signals)), "round trip");
    }

    function testFuzz_rowMarkSignalsAreNamedAsTheyAreOrdered(uint256[4] memory signals) public pure {
        RowMarkSignals.Named memory named = RowMarkSignals.named(signals);
        assertEq(named.domain, signals[0], "domain first");
        assertEq(named.mark, signals[3], "mark last");
        bytes32 again = keccak256(abi.encode(RowMarkSignals.ordered(named)));
        assertEq(again, keccak256(abi.encode(signals)), "round trip");
    }
}
