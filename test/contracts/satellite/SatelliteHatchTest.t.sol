// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IGatewayInbox} from "../../../contracts/interfaces/IGatewayInbox.sol";
import {MarginLevel, Market} from "../../../contracts/interfaces/IMarketSource.sol";
import {ISatelliteClaim, ISatelliteHub} from "../../../contracts/interfaces/ISatelliteHub.sol";
import {
    ISatelliteVault,
    SatelliteExit,
    SatelliteRules,
    SatelliteToken
} from "../../../contracts/interfaces/ISatelliteVault.sol";
import {ISolvencyGate} from "../../../contracts/interfaces/ISolvencyGate.sol";
import {Payout} from "../../../contracts/interfaces/VaultTypes.sol";
import {Envelope, HubFacts, MessageKind, OrderMessage} from "../../../contracts/libraries/CrossChainMessages.sol";
import {HatchFixture} from "./HatchFixture.sol";

/// @dev [P-301, P-302] Where home is silent a satellite pays by proof, in proportion if there is too little, and nobody what home paid.
contract SatelliteHatchTest is HatchFixture {
    // ---- who is paid what ----

    function testPaysByProofInFull() public {
        openFarHatch();
        registerFor(ALICE, 0, QUANTA);
        registerFor(BOB, 0, QUANTA / 2);
        vm.expectRevert(error1(ISatelliteVault.RoundOpen.selector, block.timestamp + CLAIM_WINDOW));
        satellites[0].settleHatch(0);
        pass(CLAIM_WINDOW);
        satellites[0].settleHatch(0);
        vm.expectRevert(error1(ISatelliteVault.SettledBefore.selector, 0));
        satellites[0].settleHatch(0);
        collectFor(ALICE, 0);
        collectFor(BOB, 0);
        assertEq(far.balanceOf(ALICE), MUCH, "Alice");
        assertEq(far.balanceOf(BOB), MUCH / 2, "Bob");
        vm.expectRevert(abi.encodeWithSelector(ISatelliteVault.NothingOwed.selector, 0, ALICE));
        satellites[0].collectExit(nf(ALICE, farBase), 0);
        assertEq(satellites[0].totalsOf(0).paid, 2 * MUCH, "the pool is set aside");
    }

    function testSharesWhatIsLeft() public {
        bringToTree(0, 1, BOB, MUCH);
        vm.prank(address(satellites[0]));
        odd.transfer(address(0xDEAD), MUCH);
        openFarHatch();
        registerFor(ALICE, 1, QUANTA);
        registerFor(BOB, 1, QUANTA);
        pass(CLAIM_WINDOW);
        collectFor(ALICE, 1);
        collectFor(BOB, 1);
        assertEq(odd.balanceOf(ALICE), MUCH / 2, "half");
        assertEq(odd.balanceOf(BOB), MUCH / 2, "half");
    }

    /// @dev For good nobody would have anything.
    function testATokenThatDoesNotAnswerIsNotSettledAsEmpty() public {
        bytes memory code = address(odd).code;
        openFarHatch();
        registerFor(ALICE, 1, QUANTA);
        pass(CLAIM_WINDOW);
        vm.etch(address(odd), hex"5f5ffd");
        vm.expectRevert();
        satellites[0].settleHatch(1);
        vm.expectRevert();
        satellites[0].collectExit(nf(ALICE, farBase), 1);
        checkpoint(0);
        assertEq(hub.totalsOf(1, 1).last.held, 0, "a checkpoint says that there is nothing");
        assertEq(hub.totalsOf(1, 0).last.held, 2 * MUCH, "and of the other token what there is");
        vm.etch(address(odd), code);
        collectFor(ALICE, 1);
        assertEq(odd.balanceOf(ALICE), MUCH, "in full");
    }

    function testWhoComesLateIsPaidOfWhatIsLeft() public {
        openFarHatch();
        registerFor(ALICE, 0, QUANTA);
        pass(CLAIM_WINDOW);
        refuse(
            sealExit(draftExit(BOB, 0, QUANTA + 1)),
            abi.encodeWithSelector(ISatelliteVault.MoreThanHeld.selector, 0, MUCH, MUCH + UNITS)
        );
        registerFor(BOB, 0, QUANTA);
        collectFor(BOB, 0);
        collectFor(ALICE, 0);
        assertEq(far.balanceOf(BOB), MUCH, "in full");
        assertEq(far.balanceOf(ALICE), MUCH, "nothing is taken from the round");
        assertEq(far.balanceOf(address(satellites[0])), 0, "all is paid");
    }

    function testOnceANullifierAndToken() public {
        openFarHatch();
        registerFor(ALICE, 0, QUANTA);
        SatelliteExit memory e = sealExit(draftExit(ALICE, 0, 1));
        refuse(e, abi.encodeWithSelector(ISatelliteVault.ExitRegisteredBefore.selector, nf(ALICE, farBase), 0));
        // The other token, of an account without positions.
        registerFor(ALICE, 1, QUANTA);
    }

    function testAnAccountWithPositionsExitsOnce() public {
        setInitialTable(uint64(block.timestamp));
        openFarHatch();
        SatelliteExit memory e = margined(ALICE, 0, QUANTA);
        register(sealExit(e));
        e = margined(ALICE, 1, QUANTA);
        refuse(
            sealExit(e), abi.encodeWithSelector(ISatelliteVault.ExitRegisteredBefore.selector, nf(ALICE, farBase), 1)
        );
        // Nor after one that said it has none.
        registerFor(BOB, 0, QUANTA);
        e = margined(BOB, 1, 1);
        refuse(sealExit(e), abi.encodeWithSelector(ISatelliteVault.ExitRegisteredBefore.selector, nf(BOB, farBase), 1));
    }

    function testTables() public {
        (uint64 sentAt,,,,) = satellites[0].home();
        SatelliteExit memory e = draftExit(ALICE, 0, QUANTA);
        e.unmargined = false;
        e = sealExit(e);
        setInitialTable(sentAt - TABLE_AGE - 1);
        openFarHatch();
        refuse(e, error1(ISatelliteVault.TableNotInitial.selector, EPOCH_TABLES + farBase));
        e = sealExit(margined(ALICE, 0, QUANTA));
        refuse(e, abi.encodeWithSelector(ISatelliteVault.TableTooOld.selector, sentAt - TABLE_AGE - 1, sentAt));
        setInitialTable(sentAt - TABLE_AGE);
        // A message of the round makes no price older.
        checkpoint(0);
        lease(0);
        register(e);
    }

    function testProofIsForThisBaseTokenRecipientAndSatellite() public {
        SatelliteExit memory e = sealExit(draftExit(ALICE, 0, QUANTA));
        refuse(e, abi.encodeWithSelector(ISatelliteVault.SatelliteNotClosed.selector));
        openFarHatch();
        bytes memory rejected = abi.encodeWithSelector(ISolvencyGate.MarginProofRejected.selector);
        e.recipient = BOB;
        refuse(e, rejected);
        (e.recipient, e.token) = (ALICE, 1);
        refuse(e, rejected);
        (e.token, e.quanta) = (0, QUANTA + 1);
        refuse(e, rejected);
        (e.quanta, e.unmargined) = (QUANTA, false);
        refuse(e, rejected);
        (e.unmargined, e.claim.epoch) = (true, farBase + 1);
        refuse(e, abi.encodeWithSelector(ISatelliteVault.NotTheBase.selector, farBase + 1, farBase));
        (e.claim.epoch, e.claim.nullifier) = (farBase, nf(ALICE, farBase) + P);
        away(0);
        vm.expectRevert();
        satellites[0].registerExit(e);
        // The same account's proof at a satellite elsewhere.
        e.claim.nullifier -= P;
        away(1);
        pass(HATCH_AFTER);
        satellites[1].openHatch();
        vm.expectRevert(rejected);
        satellites[1].registerExit(e);
    }

    function testWithoutABaseNobodyExits() public {
        away(0);
        satellites[0] = newSatellite(satelliteTokens(0), satelliteRules());
        pass(HATCH_AFTER);
        satellites[0].openHatch();
        SatelliteExit memory e = sealExit(draftExit(ALICE, 0, QUANTA));
        refuse(e, abi.encodeWithSelector(ISatelliteVault.NoBase.selector));
    }

    // ---- deposits that home had not heard of ----

    function testRefundOrCredit() public {
        (uint64 heard, bytes memory payload) = depositFar(0, 0, BOB, 5_000);
        toHub(0, payload);
        lease(0);
        (uint64 lost, bytes memory late) = depositFar(0, 0, BOB, 7_000);
        openFarHatch();
        vm.prank(BOB);
        vm.expectRevert(error1(ISatelliteVault.RoundOpen.selector, block.timestamp + CLAIM_WINDOW));
        satellites[0].refundDeposit(lost, BOB);
        pass(CLAIM_WINDOW);
        // Home hears of it after the round, and says so: too late.
        toHub(0, late);
        sync(0);
        vm.expectRevert(abi.encodeWithSelector(ISatelliteHub.DepositNotSure.selector, 1, lost, heard));
        credit(0, lost);
        credit(0, heard);
        vm.startPrank(BOB);
        vm.expectRevert(error1(ISatelliteVault.DepositSeenAtHome.selector, heard));
        satellites[0].refundDeposit(heard, BOB);
        satellites[0].refundDeposit(lost, BOB);
        vm.expectRevert(error1(ISatelliteVault.RefundedBefore.selector, lost));
        satellites[0].refundDeposit(lost, BOB);
        vm.stopPrank();
        vm.expectRevert(error1(ISatelliteVault.NotDepositor.selector, lost));
        satellites[0].refundDeposit(lost, BOB);
        assertEq(far.balanceOf(BOB), 7_000, "one");
        assertEq(claim(0, 0).balanceOf(BOB), 5_000, "the other");
    }

    function testWhatHomeHearsInTheRoundIsNotRefunded() public {
        (uint64 number, bytes memory payload) = depositFar(0, 0, BOB, 5_000);
        openFarHatch();
        toHub(0, payload);
        sync(0);
        credit(0, number);
        pass(CLAIM_WINDOW);
        vm.prank(BOB);
        vm.expectRevert(error1(ISatelliteVault.DepositSeenAtHome.selector, number));
        satellites[0].refundDeposit(number, BOB);
        assertEq(claim(0, 0).balanceOf(BOB), 5_000, "minted");
    }

    // ---- what home paid ----

    function testPaidAtHomeIsTakenOff() public {
        withdraw(ALICE, farBase, ROW, 300);
        toSatellite(0, used(nf(ALICE, farBase), 0));
        openFarHatch();
        registerFor(ALICE, 0, QUANTA);
        pass(CLAIM_WINDOW);
        collectFor(ALICE, 0);
        assertEq(far.balanceOf(ALICE), MUCH - 300 * UNITS, "the rest");
    }

    function testPaidAtHomeOfBothLeavesIsOnePayout() public {
        openSnapshot();
        withdraw(ALICE, farBase, ROW, 300);
        assertTrue(vault.isNullifierUsed(nf(ALICE, farBase + 1)), "both");
        toSatellite(0, used(nf(ALICE, farBase), nf(ALICE, farBase + 1)));
        openFarHatch();
        registerFor(ALICE, 0, QUANTA);
        pass(CLAIM_WINDOW);
        collectFor(ALICE, 0);
        assertEq(far.balanceOf(ALICE), MUCH - 300 * UNITS, "once");
    }

    /// @dev The leaf after the base can stand at home in the last minutes, and be paid from.
    function testPaidAtHomeOnTheNextLeafToo() public {
        withdraw(ALICE, farBase, ROW, 300);
        openSnapshot();
        acceptClaims([uint256(2 * QUANTA), QUANTA, 0]);
        pass(vaultRules().demandWindow + vaultRules().answerWindow - 1 hours);
        sync(0);
        pass(1 hours);
        withdraw(ALICE, farBase + 1, ROW, 400);
        openFarHatch();
        registerFor(ALICE, 0, QUANTA);
        registerFor(BOB, 0, QUANTA);
        // It is told in the round, after the exit was registered: home hears from the satellite again.
        checkpoint(0);
        toSatellite(0, used(nf(ALICE, farBase + 1), 0));
        toSatellite(0, used(nf(ALICE, farBase), 0));
        pass(CLAIM_WINDOW);
        collectFor(ALICE, 0);
        collectFor(BOB, 0);
        assertEq(far.balanceOf(ALICE), MUCH - 700 * UNITS, "both are taken off");
        assertEq(far.balanceOf(BOB), MUCH, "Bob");
    }

    function testPaidAtHomeInFullIsNoExit() public {
        withdraw(ALICE, farBase, ROW, QUANTA);
        toSatellite(0, used(nf(ALICE, farBase), 0));
        openFarHatch();
        refuse(sealExit(draftExit(ALICE, 0, QUANTA)), error1(ISatelliteVault.UsedAtHome.selector, nf(ALICE, farBase)));
    }

    function testPaidAtHomeOfAnotherRow() public {
        withdraw(ALICE, farBase, ROW + 1, 300);
        withdraw(BOB, farBase, ROW, 300);
        setInitialTable(uint64(block.timestamp));
        toSatellite(0, used(nf(ALICE, farBase), nf(BOB, farBase)));
        openFarHatch();
        refuse(
            sealExit(margined(ALICE, 0, QUANTA)), error1(ISatelliteVault.UsedAtHome.selector, nf(ALICE, farBase))
        );
        registerFor(ALICE, 0, QUANTA);
        // Of the same row an account with positions keeps the rest.
        register(sealExit(margined(BOB, 0, QUANTA)));
        pass(CLAIM_WINDOW);
        collectFor(ALICE, 0);
        collectFor(BOB, 0);
        assertEq(far.balanceOf(ALICE), MUCH, "without positions rows do not matter");
        assertEq(far.balanceOf(BOB), MUCH - 300 * UNITS, "Bob");
    }

    function testOnlyWhatTheVaultHasIsTold() public {
        uint256[] memory nullifiers = new uint256[](1);
        nullifiers[0] = nf(ALICE, farBase);
        vm.expectRevert(error1(ISatelliteHub.NullifierNotUsed.selector, nullifiers[0]));
        hub.makeUsed(1, nullifiers);
        nullifiers = new uint256[](65);
        vm.expectRevert(abi.encodeWithSelector(ISatelliteHub.TooManyNullifiers.selector, 65, 64));
        hub.makeUsed(1, nullifiers);
    }

    function testBaseAndTreeAreThoseOfTheOpening() public {
        openFarHatch();
        registerFor(ALICE, 0, QUANTA);
        registerFor(BOB, 0, QUANTA);
        // Home lives: a move to the clearing house needs no token to move, and another epoch comes.
        checkpoint(0);
        openSnapshot();
        acceptClaims([uint256(2 * QUANTA), QUANTA, 0]);
        letStand();
        sync(0);
        (,, uint64 stands,,) = satellites[0].home();
        assertEq(stands, farBase, "the base");
        assertEq(hub.totalsOf(1, 0).treeFloor, 2 * MUCH, "the floor");
        pass(CLAIM_WINDOW);
        collectFor(ALICE, 0);
        assertEq(far.balanceOf(ALICE), MUCH, "in full");
    }

    // ---- the rest ----

    function testTheFloorAtHome() public {
        bring(0, 0, BOB, 5_000);
        openFarHatch();
        registerFor(ALICE, 0, QUANTA);
        registerFor(BOB, 0, QUANTA);
        pass(CLAIM_WINDOW);
        collectFor(ALICE, 0);
        checkpoint(0);
        lease(0);
        checkpoint(0);
        assertTrue(hub.isLive(1), "messages flow again");
        Payout memory p = payoutOf(ALICE, farBase, ROW, 1);
        refuseWithdraw(
            p, abi.encodeWithSelector(ISatelliteClaim.TreeBelowFloor.selector, 2 * MUCH - UNITS, 2 * MUCH)
        );
        // Nor does anything come in that would be above it.
        ISatelliteClaim made = claim(0, 0);
        vm.startPrank(BOB);
        made.approve(address(vault), 5_000);
        vm.expectRevert(error1(ISatelliteClaim.SatelliteNotLive.selector, 1));
        vault.deposit(HELD, 3, 5_000, "bob");
        // What is outside of the tree is paid from the rest.
        (, bytes memory payload) = hub.order(1, 0, 5_000, BOB);
        vm.stopPrank();
        toSatellite(0, payload);
        satellites[0].collect(0, BOB);
        collectFor(BOB, 0);
        assertEq(far.balanceOf(BOB), MUCH + 5_000, "Bob");
    }

    /// @dev What home paid in the last minutes took the tree below the floor: somebody makes up for it, and no more comes in.
    function testWhatMakesUpForTheFloorComesIn() public {
        bring(0, 0, BOB, 5_000);
        withdraw(ALICE, farBase, ROW, 300);
        openFarHatch();
        checkpoint(0);
        lease(0);
        checkpoint(0);
        (uint256 tree, uint256 floor) = hub.treeOf(1, 0);
        assertEq(floor - tree, 3_000, "what was paid");
        ISatelliteClaim made = claim(0, 0);
        vm.startPrank(BOB);
        made.approve(address(vault), 5_000);
        vm.expectRevert(error1(ISatelliteClaim.SatelliteNotLive.selector, 1));
        vault.deposit(HELD, 3, 3_001, "bob");
        vault.deposit(HELD, 3, 3_000, "bob");
        vm.expectRevert(error1(ISatelliteClaim.SatelliteNotLive.selector, 1));
        vault.deposit(HELD, 3, 1, "bob");
        vm.stopPrank();
        (tree, floor) = hub.treeOf(1, 0);
        assertEq(tree, floor, "made up");
    }

    /// @dev One whose owner is the vault stops no others.
    function testADepositForTheVaultIsCredited() public {
        give(0, 0, BOB, 5_000);
        away(0);
        vm.prank(BOB);
        (uint64 number, bytes memory payload) = satellites[0].deposit(0, 5_000, address(vault));
        home();
        toHub(0, payload);
        sync(0);
        pass(FREEZE_AFTER + 1);
        credit(0, number);
        assertEq(claim(0, 0).balanceOf(address(vault)), 2 * MUCH + 5_000, "nobody's");
    }

    function testOrdersOfAClosedSatelliteTakeTheRest() public {
        bring(0, 0, BOB, 5_000);
        depositFar(0, 0, BOB, 7_000);
        vm.prank(BOB);
        (, bytes memory payload) = hub.order(1, 0, 5_000, BOB);
        openFarHatch();
        registerFor(ALICE, 0, QUANTA);
        toSatellite(0, payload);
        assertEq(satellites[0].owedTo(0, BOB), 5_000, "in the round");
        pass(CLAIM_WINDOW);
        satellites[0].settleHatch(0);
        assertEq(satellites[0].totalsOf(0).held, 7_000, "what goes back to its depositor");
        satellites[0].collect(0, BOB);
        collectFor(ALICE, 0);
        vm.prank(BOB);
        satellites[0].refundDeposit(5, BOB);
        assertEq(far.balanceOf(BOB), 12_000, "Bob");
    }

    function testNoOrderTakesThePoolOrARefund() public {
        depositFar(0, 0, BOB, 7_000);
        bring(1, 0, BOB, 5_000);
        openFarHatch();
        // Gateways that lie make an order of what the round pays: the hub of the fixture cannot.
        HubFacts memory facts;
        (facts.satelliteChainId, facts.satellite) = (AWAY, address(satellites[0]));
        bytes memory body = abi.encode(OrderMessage(facts, 9, 0, BOB, 1));
        bytes memory payload =
            abi.encode(Envelope(1, MessageKind.ORDER, HOME, address(hub), address(registry), HELD, 1, 0, body));
        refusedAtSatellite(
            0, payload, abi.encodeWithSelector(ISatelliteVault.MoreThanHeld.selector, 0, 0, 1)
        );
        pass(CLAIM_WINDOW);
        satellites[0].settleHatch(0);
        refusedAtSatellite(
            0, payload, abi.encodeWithSelector(ISatelliteVault.MoreThanHeld.selector, 0, 0, 1)
        );
    }

    // ---- set-up ----

    function testNewGatewaysComeAfterTheRound() public {
        SatelliteToken[] memory list = satelliteTokens(0);
        SatelliteRules memory r = satelliteRules();
        r.claimWindow = GATEWAY_DELAY - HATCH_AFTER;
        newSatellite(list, r);
        r.claimWindow += 1;
        vm.expectRevert(
            abi.encodeWithSelector(
                IGatewayInbox.InvalidGatewayDelay.selector, GATEWAY_DELAY, GATEWAY_DELAY + 1, type(uint64).max
            )
        );
        newSatellite(list, r);
    }

    function testNoTokenTwice() public {
        SatelliteToken[] memory list = satelliteTokens(0);
        bytes memory reason = abi.encodeWithSelector(ISatelliteVault.InvalidSatellite.selector, bytes32("twice"));
        list[1].token = list[0].token;
        refuseSatellite(list, reason);
        list = satelliteTokens(0);
        list[1].asset = list[0].asset;
        refuseSatellite(list, reason);
        list = satelliteTokens(0);
        list[1].row = list[0].row;
        refuseSatellite(list, reason);
    }

    function testOnlyItsAdminProposesGateways() public {
        bytes32 source = keccak256("any");
        vm.expectRevert(abi.encodeWithSelector(IGatewayInbox.NotInboxAdmin.selector, address(this)));
        satellites[0].proposeGateways(source, gateways());
    }

    function refuseSatellite(SatelliteToken[] memory list, bytes memory reason) private {
        vm.expectRevert(reason);
        newSatellite(list, satelliteRules());
    }

    function margined(address account, uint16 token, uint64 quanta) private view returns (SatelliteExit memory e) {
        e = draftExit(account, token, quanta);
        (e.unmargined, e.claim.marketCommitment) = (false, INITIAL_TABLES);
    }

    function setInitialTable(uint64 time) private {
        mirror.setTable(HELD, INITIAL_TABLES, Market(MarginLevel.INITIAL, time, uint32(ASSETS)));
    }
}
