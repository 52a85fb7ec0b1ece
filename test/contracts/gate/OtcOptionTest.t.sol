// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";
import {TestToken} from "../../../contracts/demo/TestToken.sol";
import {
    IOtcOptionSettlement,
    OptionKind,
    OptionStatus,
    OptionTerms
} from "../../../contracts/examples/IOtcOptionSettlement.sol";
import {OtcOptionSettlement} from "../../../contracts/examples/OtcOptionSettlement.sol";
import {TokenCredits} from "../../../contracts/examples/TokenCredits.sol";
import {MarginLevel} from "../../../contracts/interfaces/IMarketSource.sol";
import {ReserveState} from "../../../contracts/interfaces/IReserveSource.sol";
import {GateMode, ISolvencyGate, MarginClaim} from "../../../contracts/interfaces/ISolvencyGate.sol";
import {SolvencyGated} from "../../../contracts/SolvencyGated.sol";
import {OddToken} from "../mocks/OddToken.sol";
import {StandInAggregator} from "../mocks/StandInAggregator.sol";
import {GateFixture} from "./GateFixture.sol";

contract OtcOptionTest is GateFixture {
    address private constant BUYER = address(0xD0);
    address private constant WRITER = address(0xD1);
    uint256 private constant PREMIUM = 200e6;
    uint256 private constant BOND = 1_000e6;
    uint64 private constant EXPIRY = uint64(START) + 30 days;
    uint32 private constant TOP_UP = 2 days;

    TestToken private token;
    StandInAggregator private oracle;
    OtcOptionSettlement private otc;

    function setUp() public override {
        super.setUp();
        token = new TestToken("US dollar", "USD", 6);
        oracle = new StandInAggregator(8);
        otc = new OtcOptionSettlement(gate, VENUE, TABLE_AGE);
        address[2] memory parties = [BUYER, WRITER];
        for (uint256 i = 0; i < 2; ++i) {
            token.mint(parties[i], 1_000_000e6);
            vm.prank(parties[i]);
            token.approve(address(otc), type(uint256).max);
        }
    }

    /// A call on one BTC at 60,000: the oracle has 8 decimals, the token 6, so a unit of the answer is 10^-2 base units.
    function terms() private view returns (OptionTerms memory t) {
        t.buyer = BUYER;
        t.writer = WRITER;
        t.token = IERC20(address(token));
        t.premium = PREMIUM;
        t.bond = BOND;
        t.oracle = oracle;
        t.maxPriceAge = 1 hours;
        t.kind = OptionKind.CALL;
        t.strike = 60_000e8;
        t.quantity = 1e16;
        t.offerUntil = uint64(START) + 1 days;
        t.expiry = EXPIRY;
        t.topUpWindow = TOP_UP;
    }

    function claimFor(OptionTerms memory t) private view returns (MarginClaim memory) {
        return marginFor(address(otc), otc.writeAction(t), INITIAL_TABLE);
    }

    function offered(OptionTerms memory t) private returns (bytes32 id) {
        vm.prank(BUYER);
        id = otc.offer(t);
    }

    function written(OptionTerms memory t) private returns (bytes32 id) {
        id = offered(t);
        MarginClaim memory claim = claimFor(t);
        vm.prank(WRITER);
        otc.write(t, claim);
    }

    function refuseWrite(OptionTerms memory t, MarginClaim memory claim, bytes memory reason) private {
        vm.prank(WRITER);
        vm.expectRevert(reason);
        otc.write(t, claim);
    }

    function expireAt(int256 price) private {
        vm.warp(EXPIRY + 10);
        oracle.set(price, EXPIRY + 5);
    }

    function requireCredits(uint256 ofBuyer, uint256 ofWriter) private view {
        assertEq(otc.creditOf(address(token), BUYER), ofBuyer, "credit of the buyer");
        assertEq(otc.creditOf(address(token), WRITER), ofWriter, "credit of the writer");
        assertTrue(token.balanceOf(address(otc)) >= ofBuyer + ofWriter, "all of it is here");
    }

    function requireStatus(bytes32 id, OptionStatus status) private view {
        assertEq(uint256(otc.optionAt(id).status), uint256(status), "status");
    }

    function wrong(bytes32 id, OptionStatus status) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IOtcOptionSettlement.WrongStatus.selector, id, status);
    }

    function test_aPayoffWithinTheBondIsPaidFromIt() public {
        bytes32 id = written(terms());
        assertEq(otc.optionAt(id).account, NULLIFIER, "the writer's account");
        requireCredits(0, PREMIUM);
        expireAt(60_400e8);
        otc.fixPrice(terms());
        requireStatus(id, OptionStatus.SETTLED);
        requireCredits(400e6, PREMIUM + 600e6);
        vm.prank(BUYER);
        assertEq(otc.withdraw(IERC20(address(token)), STRANGER), 400e6, "paid to whom the buyer says");
        assertEq(token.balanceOf(STRANGER), 400e6, "paid");
        vm.prank(WRITER);
        otc.withdraw(IERC20(address(token)), WRITER);
        assertEq(token.balanceOf(address(otc)), 0, "nothing stays");
        vm.prank(WRITER);
        vm.expectRevert(abi.encodeWithSelector(TokenCredits.NothingToWithdraw.selector, address(token), WRITER));
        otc.withdraw(IERC20(address(token)), WRITER);
    }

    function test_anOptionOutOfTheMoneyReturnsTheBond() public {
        written(terms());
        expireAt(60_000e8);
        otc.fixPrice(terms());
        requireCredits(0, PREMIUM + BOND);
    }

    function test_aPutPaysBelowItsStrike() public {
        OptionTerms memory t = terms();
        t.kind = OptionKind.PUT;
        written(t);
        expireAt(59_100e8);
        otc.fixPrice(t);
        requireCredits(900e6, PREMIUM + 100e6);
    }

    function testFuzz_thePayoffIsTheFormulaAndNoneIsLost(uint128 price, uint128 strike, uint64 quantity, bool put)
        public
    {
        OptionTerms memory t = terms();
        t.kind = put ? OptionKind.PUT : OptionKind.CALL;
        t.strike = strike == 0 ? 1 : strike;
        t.quantity = quantity == 0 ? 1 : quantity;
        price = uint128(bound(price, 1, type(uint128).max));
        bytes32 id = written(t);
        expireAt(int256(uint256(price)));
        otc.fixPrice(t);
        uint256 beyond = put ? (t.strike > price ? t.strike - price : 0) : (price > t.strike ? price - t.strike : 0);
        uint256 owed = beyond * t.quantity / 1e18;
        uint256 fromBond = owed < BOND ? owed : BOND;
        assertEq(otc.optionAt(id).unpaid, owed - fromBond, "unpaid");
        requireCredits(fromBond, PREMIUM + BOND - fromBond);
        assertEq(token.balanceOf(address(otc)), PREMIUM + BOND, "no more, no less");
    }

    function test_theWriterTopsUpWithinItsWindow() public {
        bytes32 id = written(terms());
        expireAt(61_500e8);
        otc.fixPrice(terms());
        requireStatus(id, OptionStatus.UNPAID);
        requireCredits(BOND, PREMIUM);
        assertEq(otc.optionAt(id).unpaid, 500e6, "unpaid");
        vm.prank(WRITER);
        vm.expectRevert(abi.encodeWithSelector(IOtcOptionSettlement.TopUpTooLarge.selector, 500e6 + 1, 500e6));
        otc.topUp(terms(), 500e6 + 1);
        vm.prank(WRITER);
        otc.topUp(terms(), 200e6);
        requireStatus(id, OptionStatus.UNPAID);
        vm.prank(WRITER);
        otc.topUp(terms(), 300e6);
        requireStatus(id, OptionStatus.SETTLED);
        requireCredits(BOND + 500e6, PREMIUM);
        vm.warp(block.timestamp + TOP_UP + 1);
        vm.expectRevert(wrong(id, OptionStatus.SETTLED));
        otc.declareDefault(terms());
    }

    function test_aWriterWhoDoesNotPayDefaultsAfterItsWindowAndCanStillPay() public {
        bytes32 id = written(terms());
        expireAt(61_500e8);
        otc.fixPrice(terms());
        uint256 dueAt = block.timestamp + TOP_UP;
        vm.warp(dueAt);
        vm.expectRevert(abi.encodeWithSelector(IOtcOptionSettlement.NotDueYet.selector, dueAt, dueAt));
        otc.declareDefault(terms());
        vm.warp(dueAt + 1);
        vm.recordLogs();
        vm.prank(STRANGER);
        otc.declareDefault(terms());
        bytes32[] memory topics = vm.getRecordedLogs()[0].topics;
        assertEq(topics[0], IOtcOptionSettlement.WriterDefaulted.selector, "event");
        assertEq(topics[3], bytes32(NULLIFIER), "names the account");
        requireStatus(id, OptionStatus.DEFAULTED);
        vm.prank(WRITER);
        otc.topUp(terms(), 500e6);
        requireStatus(id, OptionStatus.SETTLED);
        requireCredits(BOND + 500e6, PREMIUM);
    }

    /// Nothing is unpaid of an option without a price: a top-up of nothing must not settle it, and its bond with it.
    function test_onlyWhatIsUnpaidIsToppedUp() public {
        bytes32 id = offered(terms());
        vm.expectRevert(wrong(id, OptionStatus.OFFERED));
        otc.topUp(terms(), 0);
        MarginClaim memory claim = claimFor(terms());
        vm.prank(WRITER);
        otc.write(terms(), claim);
        vm.expectRevert(wrong(id, OptionStatus.WRITTEN));
        otc.topUp(terms(), 0);
        expireAt(60_400e8);
        otc.fixPrice(terms());
        vm.expectRevert(wrong(id, OptionStatus.SETTLED));
        otc.topUp(terms(), 0);
    }

    function test_nothingButWritingAsksTheGate() public {
        OptionTerms memory other = terms();
        other.salt = 1;
        bytes32 id = written(terms());
        offered(other);
        source.setState(ReserveState.CLOSED);
        refuseWrite(other, claimFor(other), abi.encodeWithSelector(SolvencyGated.GateClosed.selector, GateMode.HALT));
        vm.prank(BUYER);
        otc.withdrawOffer(other);
        expireAt(61_500e8);
        otc.fixPrice(terms());
        vm.prank(WRITER);
        otc.topUp(terms(), 1);
        vm.warp(block.timestamp + TOP_UP + 1);
        otc.declareDefault(terms());
        requireStatus(id, OptionStatus.DEFAULTED);
        vm.prank(BUYER);
        assertEq(otc.withdraw(IERC20(address(token)), BUYER), PREMIUM + BOND + 1, "halted, and paid");
    }

    function test_writingNeedsAnOpenGate() public {
        offered(terms());
        source.setState(ReserveState.PAUSED);
        bytes memory reason = abi.encodeWithSelector(SolvencyGated.GateClosed.selector, GateMode.REDUCE_ONLY);
        refuseWrite(terms(), claimFor(terms()), reason);
    }

    function test_writingNeedsAProofOfInitialMarginForTheseTerms() public {
        offered(terms());
        bytes memory rejected = abi.encodeWithSelector(ISolvencyGate.MarginProofRejected.selector);
        OptionTerms memory other = terms();
        other.bond = 1;
        refuseWrite(terms(), claimFor(other), rejected);
        refuseWrite(terms(), marginFor(CONSUMER, otc.writeAction(terms()), INITIAL_TABLE), rejected);
        refuseWrite(
            terms(),
            marginFor(address(otc), otc.writeAction(terms()), MARKET),
            abi.encodeWithSelector(
                ISolvencyGate.WrongMarginLevel.selector, MarginLevel.MAINTENANCE, MarginLevel.INITIAL
            )
        );
        vm.warp(START + TABLE_AGE + 1);
        refuseWrite(
            terms(),
            claimFor(terms()),
            abi.encodeWithSelector(ISolvencyGate.TableTooOld.selector, TABLE_AGE + 1, TABLE_AGE)
        );
    }

    /// Every field of the terms is in what the writer proves: whoever changes one needs another proof, and another offer.
    function test_everyTermIsBound() public view {
        bytes32 id = otc.optionIdOf(terms());
        bytes32 action = otc.writeAction(terms());
        for (uint256 i = 0; i < 14; ++i) {
            OptionTerms memory t = terms();
            if (i == 7) {
                t.kind = OptionKind.PUT;
            } else {
                assembly {
                    let place := add(t, mul(i, 0x20))
                    mstore(place, add(mload(place), 1))
                }
            }
            assertTrue(otc.optionIdOf(t) != id, "another option");
            assertTrue(otc.writeAction(t) != action, "another action");
        }
    }

    function test_oneSnapshotOfAnAccountWritesOneOption() public {
        written(terms());
        OptionTerms memory other = terms();
        other.salt = 1;
        offered(other);
        refuseWrite(
            other, claimFor(other), abi.encodeWithSelector(IOtcOptionSettlement.AccountWroteBefore.selector, NULLIFIER)
        );
        MarginClaim memory claim = draftMargin(INITIAL_TABLE);
        claim.nullifier = 99;
        claim =
            sealMargin(claim, frameHere(MARGIN, 1, INITIAL_TABLE), healthyWord(address(otc), otc.writeAction(other)));
        vm.prank(WRITER);
        otc.write(other, claim);
    }

    function test_onlyTheNamedPartiesActAndInTime() public {
        vm.prank(STRANGER);
        vm.expectRevert(abi.encodeWithSelector(IOtcOptionSettlement.NotBuyer.selector, STRANGER));
        otc.offer(terms());
        bytes32 id = offered(terms());
        vm.prank(BUYER);
        vm.expectRevert(wrong(id, OptionStatus.OFFERED));
        otc.offer(terms());
        MarginClaim memory claim = claimFor(terms());
        vm.prank(STRANGER);
        vm.expectRevert(abi.encodeWithSelector(IOtcOptionSettlement.NotWriter.selector, STRANGER));
        otc.write(terms(), claim);
        vm.prank(STRANGER);
        vm.expectRevert(abi.encodeWithSelector(IOtcOptionSettlement.NotBuyer.selector, STRANGER));
        otc.withdrawOffer(terms());
        vm.prank(BUYER);
        otc.withdrawOffer(terms());
        requireCredits(PREMIUM, 0);
        refuseWrite(terms(), claim, wrong(id, OptionStatus.WITHDRAWN));
        OptionTerms memory t = terms();
        t.offerUntil = uint64(START) + 10;
        offered(t);
        vm.warp(START + 11);
        refuseWrite(
            t, claimFor(t), abi.encodeWithSelector(IOtcOptionSettlement.OfferEnded.selector, START + 10, START + 11)
        );
    }

    function test_aWrittenOptionCannotBeTakenBack() public {
        bytes32 id = written(terms());
        vm.prank(BUYER);
        vm.expectRevert(wrong(id, OptionStatus.WRITTEN));
        otc.withdrawOffer(terms());
        refuseWrite(terms(), claimFor(terms()), wrong(id, OptionStatus.WRITTEN));
    }

    function test_termsThatMeanNothingAreRefused() public {
        OptionTerms memory t = terms();
        t.writer = address(0);
        refuseTerms(t, "writer");
        t = terms();
        t.oracle = StandInAggregator(address(0xdead));
        refuseTerms(t, "oracle");
        t = terms();
        t.strike = 0;
        refuseTerms(t, "strike");
        t = terms();
        t.quantity = 0;
        refuseTerms(t, "quantity");
        t = terms();
        t.expiry = t.offerUntil;
        refuseTerms(t, "expiry");
    }

    function refuseTerms(OptionTerms memory t, bytes32 what) private {
        vm.prank(BUYER);
        vm.expectRevert(abi.encodeWithSelector(IOtcOptionSettlement.InvalidTerms.selector, what));
        otc.offer(t);
    }

    function refusePrice(bytes memory reason) private {
        vm.expectRevert(reason);
        otc.fixPrice(terms());
    }

    function test_K20_K23_onlyAFreshPositivePriceOfTheExpiryOrLaterCounts() public {
        written(terms());
        oracle.set(61_000e8, EXPIRY);
        vm.warp(EXPIRY - 1);
        refusePrice(abi.encodeWithSelector(IOtcOptionSettlement.NotExpired.selector, EXPIRY, EXPIRY - 1));
        vm.warp(EXPIRY + 1 hours + 1);
        refusePrice(abi.encodeWithSelector(IOtcOptionSettlement.PriceTooOld.selector, 1 hours + 1, 1 hours));
        oracle.set(61_000e8, EXPIRY - 1);
        refusePrice(abi.encodeWithSelector(IOtcOptionSettlement.PriceBeforeExpiry.selector, EXPIRY - 1, EXPIRY));
        oracle.set(61_000e8, block.timestamp + 1);
        refusePrice(abi.encodeWithSelector(bytes4(0x4e487b71), 0x11));
        oracle.set(0, block.timestamp);
        refusePrice(abi.encodeWithSelector(IOtcOptionSettlement.PriceNotPositive.selector, int256(0)));
        oracle.set(-1, block.timestamp);
        refusePrice(abi.encodeWithSelector(IOtcOptionSettlement.PriceNotPositive.selector, int256(-1)));
        oracle.set(2 ** 128, block.timestamp);
        refusePrice(abi.encodeWithSelector(IOtcOptionSettlement.PriceOutOfRange.selector, int256(2 ** 128)));
        oracle.setRaw(StandInAggregator.Answer(9, 61_000e8, block.timestamp, block.timestamp, 8));
        refusePrice(abi.encodeWithSelector(IOtcOptionSettlement.RoundIncomplete.selector, 9, 8));
        oracle.set(60_000e8, EXPIRY + 1);
        otc.fixPrice(terms());
    }

    function test_theFirstPriceStays() public {
        bytes32 id = written(terms());
        expireAt(60_400e8);
        otc.fixPrice(terms());
        oracle.set(70_000e8, block.timestamp);
        refusePrice(wrong(id, OptionStatus.SETTLED));
    }

    function test_K26_withoutAPriceTheBondReturnsInTheEnd() public {
        bytes32 id = written(terms());
        uint256 dueAt = EXPIRY + 7 days;
        vm.warp(dueAt);
        vm.expectRevert(abi.encodeWithSelector(IOtcOptionSettlement.NotDueYet.selector, dueAt, dueAt));
        otc.voidUnpriced(terms());
        vm.warp(dueAt + 1);
        otc.voidUnpriced(terms());
        requireCredits(0, PREMIUM + BOND);
        vm.expectRevert(wrong(id, OptionStatus.SETTLED));
        otc.voidUnpriced(terms());
    }

    function odd(OddToken.Oddity oddity) private returns (OddToken strange, OptionTerms memory t) {
        strange = new OddToken();
        strange.mint(BUYER, PREMIUM);
        strange.setOddity(oddity);
        t = terms();
        t.token = IERC20(address(strange));
    }

    function test_K31_tokensThatBringLessAreRefused() public {
        (OddToken strange, OptionTerms memory t) = odd(OddToken.Oddity.FEE);
        bytes4 reason = TokenCredits.WrongAmountReceived.selector;
        vm.prank(BUYER);
        vm.expectRevert(abi.encodeWithSelector(reason, address(strange), PREMIUM - PREMIUM / 100, PREMIUM));
        otc.offer(t);
        (strange, t) = odd(OddToken.Oddity.MOVES_NOTHING);
        vm.prank(BUYER);
        vm.expectRevert(abi.encodeWithSelector(reason, address(strange), 0, PREMIUM));
        otc.offer(t);
        (, t) = odd(OddToken.Oddity.RETURNS_NOTHING);
        offered(t);
    }

    function test_K19_tokensThatCallBackAreRefused() public {
        (OddToken strange, OptionTerms memory t) = odd(OddToken.Oddity.REENTERS);
        bytes[4] memory calls = [
            abi.encodeCall(otc.withdraw, (t.token, BUYER)),
            abi.encodeCall(otc.offer, (terms())),
            abi.encodeCall(otc.fixPrice, (t)),
            abi.encodeCall(otc.topUp, (t, 1))
        ];
        for (uint256 i = 0; i < calls.length; ++i) {
            strange.setCall(address(otc), calls[i]);
            vm.prank(BUYER);
            vm.expectRevert(ReentrancyGuard.ReentrancyGuardReentrantCall.selector);
            otc.offer(t);
        }
    }
}
