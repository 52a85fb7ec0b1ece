// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {TestToken} from "../../../contracts/demo/TestToken.sol";
import {CreditSupportLender} from "../../../contracts/examples/CreditSupportLender.sol";
import {LoanOffer, LoanStatus} from "../../../contracts/examples/ICreditSupportLender.sol";
import {OptionKind, OptionStatus, OptionTerms} from "../../../contracts/examples/IOtcOptionSettlement.sol";
import {OtcOptionSettlement} from "../../../contracts/examples/OtcOptionSettlement.sol";
import {ReserveState} from "../../../contracts/interfaces/IReserveSource.sol";
import {GateMode, ISolvencyGate, MarginClaim} from "../../../contracts/interfaces/ISolvencyGate.sol";
import {ISolvencyRegistry} from "../../../contracts/interfaces/ISolvencyRegistry.sol";
import {SolvencyGated} from "../../../contracts/SolvencyGated.sol";
import {StandInAggregator} from "../mocks/StandInAggregator.sol";
import {MirrorFixture} from "./MirrorFixture.sol";

/// @dev The example consumers as they are, behind the registry's gate and behind a mirror of it: one test for both.
contract MirrorConsumersTest is MirrorFixture {
    address private constant BUYER = address(0xD0);
    address private constant WRITER = address(0xD1);
    uint256 private constant BOND = 1_000e6;
    uint256 private constant GRACE = 10 minutes;

    bool private away;
    TestToken private token;

    function start(bool away_) private {
        vm.chainId(HOME);
        setUp();
        away = away_;
        token = new TestToken("US dollar", "USD", 6);
        token.mint(BUYER, 1_000_000e6);
        token.mint(WRITER, 1_000_000e6);
        if (away) deliver(beacon.makeTable(VENUE, INITIAL_TABLE));
        news();
    }

    function here() private {
        vm.chainId(away ? AWAY : HOME);
    }

    function gate_() private view returns (ISolvencyGate) {
        return away ? ISolvencyGate(address(mirror)) : ISolvencyGate(address(gate));
    }

    /// @dev What happened at home is known where the consumer is.
    function news() private {
        vm.chainId(HOME);
        if (away) deliver(makeEpoch());
        here();
    }

    function claimOf(address consumer, bytes32 action, uint64 epoch, uint256 table, uint256 account)
        private
        view
        returns (MarginClaim memory claim)
    {
        claim.circuitId = MARGIN;
        claim.epoch = epoch;
        claim.marketCommitment = table;
        claim.nullifier = account * 1000 + epoch;
        claim.nullifierNext = account * 1000 + epoch + 1;
        uint256 word =
            away ? mirrorWord(AWAY, address(mirror), consumer, action) : healthyWord(consumer, action);
        return sealMargin(claim, homeFrame(MARGIN, epoch, ROOT, table), word);
    }

    function terms(StandInAggregator oracle) private view returns (OptionTerms memory t) {
        t.buyer = BUYER;
        t.writer = WRITER;
        t.token = IERC20(address(token));
        t.premium = 200e6;
        t.bond = BOND;
        t.oracle = oracle;
        t.maxPriceAge = 1 hours;
        t.kind = OptionKind.CALL;
        t.strike = 60_000e8;
        t.quantity = 1e16;
        t.offerUntil = uint64(START) + 1 days;
        t.expiry = uint64(START) + 30 days;
        t.topUpWindow = 2 days;
    }

    function testOptionsBehindBoth() public {
        for (uint256 i = 0; i < 2; ++i) {
            start(i == 1);
            writeAndSettle();
        }
    }

    function writeAndSettle() private {
        OtcOptionSettlement otc = new OtcOptionSettlement(gate_(), VENUE, TABLE_AGE);
        OptionTerms memory t = terms(new StandInAggregator(8));
        vm.startPrank(BUYER);
        token.approve(address(otc), type(uint256).max);
        bytes32 id = otc.offer(t);
        vm.stopPrank();
        vm.prank(WRITER);
        token.approve(address(otc), type(uint256).max);
        MarginClaim memory claim = claimOf(address(otc), otc.writeAction(t), 1, INITIAL_TABLE, 5);
        // Home pauses: where the consumer is, new risk is refused as soon as it is known.
        source.setState(ReserveState.PAUSED);
        news();
        vm.prank(WRITER);
        vm.expectRevert(abi.encodeWithSelector(SolvencyGated.GateClosed.selector, GateMode.REDUCE_ONLY));
        otc.write(t, claim);
        source.setState(ReserveState.OPEN);
        vm.warp(START + 1);
        news();
        MarginClaim memory foreign = claimOf(STRANGER, otc.writeAction(t), 1, INITIAL_TABLE, 5);
        vm.prank(WRITER);
        vm.expectRevert(ISolvencyGate.MarginProofRejected.selector);
        otc.write(t, foreign);
        vm.prank(WRITER);
        otc.write(t, claim);
        assertEq(otc.optionAt(id).account, 5001, "the account's name here");
        vm.warp(t.expiry + 10);
        StandInAggregator(address(t.oracle)).set(60_400e8, t.expiry + 5);
        otc.fixPrice(t);
        assertEq(uint256(otc.optionAt(id).status), uint256(OptionStatus.SETTLED), "settled");
        assertEq(otc.creditOf(address(token), BUYER), 400e6, "the payoff");
    }

    function testLoansBehindBoth() public {
        for (uint256 i = 0; i < 2; ++i) {
            start(i == 1);
            lendAndCall();
        }
    }

    function lendAndCall() private {
        // What a mirror says of epochs is what a registry says: the lender asks either.
        ISolvencyRegistry epochs = away ? ISolvencyRegistry(address(mirror)) : registry;
        CreditSupportLender lender = new CreditSupportLender(gate_(), epochs, VENUE, TABLE_AGE, GRACE, 1 days);
        vm.startPrank(BUYER);
        token.approve(address(lender), type(uint256).max);
        uint256 id = lender.offerLoan(
            LoanOffer(BUYER, WRITER, IERC20(address(token)), 1_000e6, 100_000, uint64(START) + 30 minutes, 90 days)
        );
        vm.stopPrank();
        MarginClaim memory claim = claimOf(address(lender), lender.borrowAction(id), 1, INITIAL_TABLE, 5);
        vm.prank(WRITER);
        lender.borrow(id, claim);
        vm.chainId(HOME);
        vm.warp(START + 60);
        nextEpoch();
        news();
        lender.refresh(id, claimOf(address(lender), lender.refreshAction(id, 2), 2, MARKET, 5));
        assertEq(lender.loanAt(id).account, 5002, "its name of the epoch");
        vm.chainId(HOME);
        vm.warp(START + 120);
        nextEpoch();
        news();
        vm.warp(START + 120 + GRACE + 1);
        lender.callLoan(id);
        assertEq(uint256(lender.loanAt(id).status), uint256(LoanStatus.CALLED), "no proof of epoch 3 within the grace");
    }
}
