// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ClaimTotals, ISatelliteClaim} from "../../../contracts/interfaces/ISatelliteHub.sol";
import {SatelliteTotals} from "../../../contracts/libraries/CrossChainMessages.sol";
import {SatelliteHub} from "../../../contracts/satellite/SatelliteHub.sol";
import {SatelliteVault} from "../../../contracts/satellite/SatelliteVault.sol";
import {TestBase} from "../TestBase.sol";
import {SatelliteHandler} from "./SatelliteHandler.sol";

/// @dev [P-305] What is conserved across chains whatever messages do: in any order, twice, late or never, and with hatches.
contract SatelliteInvariantTest is TestBase {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    SatelliteHandler private handler;

    /// @dev From where orders, payouts and hatches are near: collateral of all users is in the tree, and an epoch stands on it.
    function setUp() public {
        handler = new SatelliteHandler();
        for (uint256 u = 0; u < 3; ++u) {
            handler.deposit(0, u, 1e6);
            handler.deposit(1, u, 1e6);
        }
        for (uint256 i = 0; i < 2; ++i) {
            handler.relayAll(i);
            for (uint64 n = 1; n <= 3; ++n) {
                handler.creditAny(i, n);
                handler.moveToTree(i, n - 1, 5e4);
            }
        }
        handler.nextFarEpoch(false);
        handler.nextFarEpoch(false);
        handler.relayAll(0);
        handler.relayAll(1);
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// @dev Read by forge: only the handler's actions are called.
    function targetSelectors() public view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        targets[0].addr = address(handler);
        bytes4[] memory a = new bytes4[](26);
        (a[0], a[1], a[2]) = (handler.deposit.selector, handler.deposit.selector, handler.relayAll.selector);
        (a[3], a[4], a[5]) = (handler.relayAll.selector, handler.creditAny.selector, handler.creditAny.selector);
        (a[6], a[7], a[8]) = (handler.moveToTree.selector, handler.moveToTree.selector, handler.nextFarEpoch.selector);
        (a[9], a[10], a[11]) =
        (handler.nextFarEpoch.selector, handler.withdrawHome.selector, handler.withdrawHome.selector);
        (a[12], a[13], a[14]) =
        (handler.orderHome.selector, handler.collectFar.selector, handler.checkpointFar.selector);
        (a[15], a[16], a[17]) =
        (handler.leaseHome.selector, handler.deliverAnyHome.selector, handler.deliverAnyFar.selector);
        (a[18], a[19], a[20]) =
        (handler.deliverElsewhere.selector, handler.tell.selector, handler.passSome.selector);
        (a[21], a[22], a[23]) =
        (handler.passLong.selector, handler.openAnyHatch.selector, handler.registerAny.selector);
        (a[24], a[25]) = (handler.collectAnyExit.selector, handler.refundAny.selector);
        targets[0].selectors = a;
    }

    /// @dev The invariants would hold of a handler that does nothing: every kind of payment is within its reach.
    function test_theHandlerReachesOrdersExitsAndRefunds() public {
        handler.withdrawHome(0, 0, 100, true);
        handler.withdrawHome(0, 1, 100, false);
        handler.orderHome(0, 0, 0, true);
        handler.orderHome(0, 1, 500, false);
        handler.deliverAnyFar(0, 0);
        handler.relayAll(0);
        handler.collectFar(0, 1);
        handler.deposit(0, 2, 777);
        handler.deliverElsewhere(0, 0);
        handler.passLong(13 hours);
        handler.openAnyHatch(0, true);
        assertTrue(handler.isClosed(0) && handler.told(0), "closed");
        handler.registerAny(0, 0);
        handler.registerAny(0, 1);
        handler.passLong(25 hours);
        handler.collectAnyExit(0, 0);
        handler.refundAny(0, 4);
        handler.registerAny(0, 2);
        handler.collectAnyExit(0, 2);
        uint256[8] memory least = [uint256(1), 6, 1, 2, 1, 3, 2, 1];
        for (uint256 k = 0; k < 8; ++k) {
            assertTrue(handler.reached(k) >= least[k], string(abi.encodePacked("reached ", bytes1(uint8(48 + k)))));
        }
        invariant_P314_nothingIsMadeOrLost();
        invariant_P314_nobodyIsPaidTwice();
    }

    function invariant_P314_nothingIsMadeOrLost() public view {
        for (uint256 i = 0; i < 2; ++i) {
            SatelliteTotals memory far = vaultOf(i).totalsOf(0);
            ClaimTotals memory claims = hub().totalsOf(i + 1, 0);
            ISatelliteClaim claim = hub().claimOf(i + 1, 0);
            assertTrue(claims.minted <= far.deposited, "deposited and not minted");
            assertTrue(claims.burnt <= claims.minted, "minted and not burnt");
            assertTrue(handler.ordersPaid(i) <= claims.burnt, "burnt and not paid");
            assertEq(claim.totalSupply(), claims.minted - claims.burnt, "claims");
            // What is credited or set aside is there besides.
            assertEq(far.held, far.deposited - far.paid, "the satellite's balance");
            assertTrue(far.paid <= far.deposited, "paid");
            if (!handler.isClosed(i)) assertEq(far.paid, handler.ordersPaid(i), "paid by orders only");
            assertFalse(hub().stateOf(i + 1).broken, "an honest satellite");
        }
        assertEq(handler.countedTooMuch(), 0, "an epoch counts what is there, and nothing of a closed one");
        assertEq(handler.openedTooSoon(), 0, "no hatch while an epoch that counts it keeps a gate open");
        assertEq(handler.honestRefused(), 0, "what is for one is taken by that one alone");
    }

    function invariant_P314_nobodyIsPaidTwice() public view {
        assertEq(handler.refundedAndMinted(), 0, "a deposit is refunded or minted");
        for (uint256 i = 0; i < 2; ++i) {
            uint256 out = 0;
            uint256 in_ = 0;
            for (uint256 u = 0; u < 3; ++u) {
                uint256 got = handler.tokenOf(i).balanceOf(handler.userAt(u));
                got += vaultOf(i).owedTo(0, handler.userAt(u));
                (out, in_) = (out + got, in_ + handler.brought(u, i));
                bool heard = handler.told(i) || !handler.isClosed(i);
                assertTrue(!heard || got <= handler.brought(u, i), "nobody takes out more than they brought");
            }
            assertTrue(out <= in_, "nor all together");
        }
    }

    function hub() private view returns (SatelliteHub) {
        return handler.theHub();
    }

    function vaultOf(uint256 i) private view returns (SatelliteVault) {
        return handler.satelliteAt(i);
    }
}
