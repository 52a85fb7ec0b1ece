// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IDefaultFund, Tranche} from "../../../contracts/interfaces/IDefaultFund.sol";
import {ISolvencyRegistry} from "../../../contracts/interfaces/ISolvencyRegistry.sol";
import {IVenueTimelock} from "../../../contracts/interfaces/IVenueTimelock.sol";
import {Tranches} from "../../../contracts/interfaces/LiquidationTypes.sol";
import {TokenIntake} from "../../../contracts/libraries/TokenIntake.sol";
import {OddToken} from "../mocks/OddToken.sol";
import {FundFixture} from "./FundFixture.sol";

/// @dev Who pays for a debt, in which order, and how much of it in a period. The cleared ledger holds 30,000 dollars.
contract FundWaterfallTest is FundFixture {
    uint256 private constant LEDGER = 30_000;

    function bounds(uint256 missing) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IDefaultFund.BoundReached.selector, HELD, 0, missing);
    }

    function refuseDraw(uint256 amount, bytes memory reason) private {
        refuse(seller, abi.encodeCall(fund.draw, (HELD, 0, amount)), reason);
    }

    function emptying() private {
        setFundRules(fundRules(1e6, 1e6, 100_000));
        // A period of its own.
        vm.warp(block.timestamp + 1 days);
    }

    // ---- in ----

    function test_P244_anybodyAddsToATranche() public {
        uint256 had = usd.balanceOf(BOB);
        vm.expectEmit(address(fund));
        emit IDefaultFund.Contributed(HELD, 0, Tranche.INSURANCE, BOB, 70);
        vm.prank(BOB);
        fund.contribute(HELD, 0, Tranche.INSURANCE, 70);
        contribute(Tranche.FIRST_LOSS, 30);
        assertEq(had - usd.balanceOf(BOB), 70, "paid");
        assertTranches(30, 70, 0);
        assertEq(usd.balanceOf(address(fund)), 100, "here");
    }

    function test_P244_nothingIsTakenThatIsNotHeldForAVenueWithRules() public {
        bytes memory call = abi.encodeCall(fund.contribute, (HELD, 0, Tranche.INSURANCE, 0));
        refuse(ALICE, call, abi.encodeWithSelector(IDefaultFund.NothingSent.selector));
        call = abi.encodeCall(fund.contribute, (VENUE, 0, Tranche.INSURANCE, 5));
        refuse(ALICE, call, abi.encodeWithSelector(IVenueTimelock.NoRules.selector, VENUE));
        call = abi.encodeCall(fund.contribute, (HELD, 3, Tranche.INSURANCE, 5));
        refuse(ALICE, call, abi.encodeWithSelector(ISolvencyRegistry.UnknownAsset.selector, HELD, 3));
        btc.setOddity(OddToken.Oddity.FEE);
        call = abi.encodeCall(fund.contribute, (HELD, 1, Tranche.INSURANCE, 1_000));
        refuse(ALICE, call, abi.encodeWithSelector(IDefaultFund.TokenTookAFee.selector, 990, 1_000));
        btc.setOddity(OddToken.Oddity.MOVES_NOTHING);
        refuse(ALICE, call, abi.encodeWithSelector(TokenIntake.NothingReceived.selector, address(btc), 1_000));
    }

    function test_P244_tokensSentDirectlyAreInNoTranche() public {
        usd.mint(address(fund), 1_000);
        assertTranches(0, 0, 0);
        assertRoom(0, 0, LEDGER / 10);
    }

    // ---- the order ----

    function test_P244_theVenuePaysFirstThenTheInsuranceFundThenEverybody() public {
        emptying();
        fillFund(100, 200);
        uint256 had = usd.balanceOf(seller);
        vm.expectEmit(address(fund));
        emit IDefaultFund.Drawn(HELD, 0, 40, 0, 0);
        assertEq(draw(40), 40, "covered");
        assertTranches(60, 200, 0);
        vm.expectEmit(address(fund));
        emit IDefaultFund.Drawn(HELD, 0, 60, 90, 0);
        assertEq(draw(150), 150, "covered by both");
        assertTranches(0, 110, 0);
        vm.expectEmit(address(fund));
        emit IDefaultFund.Drawn(HELD, 0, 0, 110, 190);
        assertEq(draw(300), 110, "covered in part");
        assertTranches(0, 0, 190);
        assertEq(draw(10), 0, "by nobody");
        assertTranches(0, 0, 200);
        assertEq(usd.balanceOf(seller) - had, 300, "what is covered, to the liquidation contract");
        Tranches memory all = held();
        assertEq(all.debts, 500, "debts");
        assertEq(all.shared, 200, "shared");
    }

    function test_P244_usersPayOnlyWhereBothTranchesAreEmpty() public {
        fillFund(100, 200);
        // Half of the first loss and a quarter of the insurance: what they hold back is not asked of users.
        assertRoom(50, 50, 0);
        refuseDraw(101, bounds(1));
        assertEq(draw(100), 100, "all that bounds leave");
        assertRoom(0, 0, 0);
        refuseDraw(1, bounds(1));
        assertTranches(50, 150, 0);
    }

    function test_P244_venuesAndAssetsShareNothing() public {
        fillFund(100, 0);
        vm.prank(seller);
        (bool ok, bytes memory reason) = address(fund).call(abi.encodeCall(fund.draw, (HELD, 1, 1)));
        assertFalse(ok, "no bitcoin is held, and none is cleared");
        assertEq(
            keccak256(reason),
            keccak256(abi.encodeWithSelector(IDefaultFund.BoundReached.selector, HELD, 1, 1)),
            "the reason"
        );
        refuse(
            seller,
            abi.encodeCall(fund.draw, (VENUE, 0, 1)),
            abi.encodeWithSelector(IDefaultFund.NotLiquidations.selector, VENUE, seller)
        );
        terms.setLiquidations(VENUE, seller);
        refuse(
            seller,
            abi.encodeCall(fund.draw, (VENUE, 0, 1)),
            abi.encodeWithSelector(IVenueTimelock.NoRules.selector, VENUE)
        );
        assertTranches(100, 0, 0);
    }

    // ---- bounds ----

    function test_P244_oneQuantumDrawnFreezesNoBound() public {
        fillFund(100, 0);
        draw(1);
        assertRoom(49, 0, 0);
        fillFund(100, 0);
        // Half of 200, less the one that was drawn.
        assertRoom(99, 0, 0);
        draw(99);
        refuseDraw(1, bounds(1));
    }

    function test_P244_anotherEpochWithinTheHourBringsNoOtherBound() public {
        fillFund(100, 0);
        uint256 began = block.timestamp;
        draw(50);
        anotherEpoch();
        refuseDraw(1, bounds(1));
        vm.warp(began + 1 hours - 1);
        refuseDraw(1, bounds(1));
        vm.warp(began + 1 hours);
        assertRoom(25, 0, 0);
        draw(25);
        refuseDraw(1, bounds(1));
        // Without another epoch hours alone are nothing.
        vm.warp(began + 24 hours);
        refuseDraw(1, bounds(1));
    }

    function test_P244_aSilentVenueHasOtherBoundsAfterADay() public {
        fillFund(100, 0);
        uint256 began = block.timestamp;
        draw(50);
        vm.warp(began + 1 days - 1);
        refuseDraw(1, bounds(1));
        vm.warp(began + 1 days);
        draw(25);
        assertTranches(25, 0, 0);
    }

    function test_P244_aBoundEmptiesATrancheInTheEnd() public {
        fillFund(15, 0);
        uint256[3] memory steps = [uint256(8), 4, 3];
        for (uint256 i = 0; i < steps.length; ++i) {
            assertRoom(steps[i], 0, i == 2 ? LEDGER / 10 : 0);
            draw(steps[i]);
            // What is left after the second is little.
            if (i == 0) refuseDraw(1, bounds(1));
            vm.warp(block.timestamp + 1 days);
        }
        assertEq(draw(3_000), 0, "then it is shared, a tenth of what accounts hold");
        refuseDraw(301, bounds(1));
        assertTranches(0, 0, 3_000);
    }

    /// Two units an hour would else keep any loss from being shared, and who gives them leaves in full.
    function test_P244_noBoundHoldsBackWhatIsLittle() public {
        // A ten-thousandth of 30,000.
        fillFund(3, 3);
        assertRoom(3, 3, LEDGER / 10);
        assertEq(draw(1_006), 6, "and the rest is shared");
        fillFund(4, 0);
        // Half of four and of the three that were drawn, less those.
        assertRoom(1, 0, 0);
    }

    function test_P244_theBoundOfSharingIsOfWhatAccountsHold() public {
        draw(2_000);
        assertRoom(0, 0, (LEDGER + 2_000) / 10 - 2_000);
        refuseDraw(1_201, bounds(1));
        draw(1_200);
        // A debt that is shared leaves what accounts hold as it is, so nothing more is there but a tenth of what it added here.
        assertRoom(0, 0, 120);
    }

    // ---- who may ----

    function test_P244_onlyTheVenuesLiquidationContractDraws() public {
        fillFund(100, 100);
        address[4] memory others = [ALICE, PARAMETERS, venueOperator, address(house)];
        for (uint256 i = 0; i < others.length; ++i) {
            refuseAll(others[i]);
        }
        terms.setLiquidations(HELD, ALICE);
        refuseAll(seller);
        terms.setLiquidations(HELD, address(0));
        refuseAll(seller);
        refuseAll(address(0));
    }

    function refuseAll(address who) private {
        // Nobody is address 0, which is what a venue without a contract has named.
        if (who == address(0)) return;
        bytes memory reason = abi.encodeWithSelector(IDefaultFund.NotLiquidations.selector, HELD, who);
        refuse(who, abi.encodeCall(fund.draw, (HELD, 0, 1)), reason);
        refuse(who, abi.encodeCall(fund.subsidise, (HELD, 0, 1, who)), reason);
        refuse(who, abi.encodeCall(fund.takePenalty, (HELD, 0, 1, who, 1e6, 0)), reason);
        refuse(who, abi.encodeCall(fund.sharePayout, (HELD, 0, 1)), reason);
    }

    // ---- subsidies ----

    function test_P244_aSubsidyIsPaidFromTheTranchesWithinTheirBoundsAndNeverShared() public {
        fillFund(100, 40);
        vm.expectEmit(address(fund));
        emit IDefaultFund.SubsidyPaid(HELD, 0, 55, WINNER);
        subsidise(55);
        assertEq(usd.balanceOf(WINNER), 55, "paid");
        assertTranches(50, 35, 0);
        refuse(seller, abi.encodeCall(fund.subsidise, (HELD, 0, 6, WINNER)), bounds(1));
        subsidise(0);
        assertEq(held().subsidies, 55, "subsidies");
        emptying();
        refuse(seller, abi.encodeCall(fund.subsidise, (HELD, 0, 86, WINNER)), bounds(1));
        subsidise(85);
        assertTranches(0, 0, 0);
    }

    // ---- penalties ----

    function test_P244_aPenaltyIsSplitBetweenKeeperFundAndVenue() public {
        uint256 had = usd.balanceOf(seller);
        vm.expectEmit(address(fund));
        emit IDefaultFund.PenaltyTaken(HELD, 0, 1_001, KEEPER, 200);
        vm.prank(seller);
        fund.takePenalty(HELD, 0, 1_001, KEEPER, 200_000, 500_000);
        assertEq(had - usd.balanceOf(seller), 1_001, "pulled from the caller");
        assertEq(fund.rewardOf(KEEPER, address(usd)), 200, "the keeper's");
        assertTranches(301, 500, 0);
    }

    function test_P244_aPenaltyIsTakenFromNobodyWhoLetTheFundTake() public {
        (uint256 ofAlice, uint256 ofBob) = (usd.balanceOf(ALICE), usd.balanceOf(BOB));
        usd.mint(address(this), 10);
        terms.setLiquidations(HELD, address(this));
        (bool ok,) = address(fund).call(abi.encodeCall(fund.takePenalty, (HELD, 0, 11, KEEPER, 0, 0)));
        assertFalse(ok, "the caller gave no allowance");
        usd.approve(address(fund), type(uint256).max);
        fund.takePenalty(HELD, 0, 10, KEEPER, 0, 0);
        assertEq(usd.balanceOf(ALICE), ofAlice, "alice's");
        assertEq(usd.balanceOf(BOB), ofBob, "bob's");
    }

    function test_P244_aPenaltyOfNothingMovesNothingAndSharesAreNoMoreThanAll() public {
        vm.prank(seller);
        fund.takePenalty(HELD, 0, 0, KEEPER, 1e6, 1e6);
        assertTranches(0, 0, 0);
        refuse(
            seller,
            abi.encodeCall(fund.takePenalty, (HELD, 0, 10, KEEPER, 600_000, 400_001)),
            abi.encodeWithSelector(IVenueTimelock.InvalidRules.selector, bytes32("fundShare"), 400_001)
        );
        vm.prank(seller);
        fund.takePenalty(HELD, 0, 10, KEEPER, 600_000, 400_000);
        assertTranches(0, 4, 0);
        btc.setOddity(OddToken.Oddity.FEE);
        refuse(
            seller,
            abi.encodeCall(fund.takePenalty, (HELD, 1, 1_000, KEEPER, 0, 0)),
            abi.encodeWithSelector(IDefaultFund.TokenTookAFee.selector, 990, 1_000)
        );
    }

    function test_P244_aKeeperTakesItsRewardOnce() public {
        vm.prank(seller);
        fund.takePenalty(HELD, 0, 100, KEEPER, 1e6, 0);
        bytes memory call = abi.encodeCall(fund.withdrawReward, (address(usd)));
        refuse(ALICE, call, abi.encodeWithSelector(IDefaultFund.NoReward.selector, ALICE, address(usd)));
        vm.expectEmit(address(fund));
        emit IDefaultFund.RewardWithdrawn(KEEPER, address(usd), 100);
        vm.prank(KEEPER);
        fund.withdrawReward(address(usd));
        assertEq(usd.balanceOf(KEEPER), 100, "paid");
        refuse(KEEPER, call, abi.encodeWithSelector(IDefaultFund.NoReward.selector, KEEPER, address(usd)));
    }

    // ---- tokens that call back ----

    function test_P244_aTokenCannotReenterTheFund() public {
        vm.prank(ALICE);
        fund.contribute(HELD, 1, Tranche.FIRST_LOSS, 1_000);
        vm.prank(seller);
        fund.takePenalty(HELD, 1, 100, KEEPER, 1e6, 0);
        terms.setLiquidations(HELD, address(btc));
        bytes[6] memory calls = [
            abi.encodeCall(fund.draw, (HELD, 1, 1)),
            abi.encodeCall(fund.subsidise, (HELD, 1, 1, WINNER)),
            abi.encodeCall(fund.takePenalty, (HELD, 1, 1, KEEPER, 0, 0)),
            abi.encodeCall(fund.sharePayout, (HELD, 1, 1)),
            abi.encodeCall(fund.cover, (HELD, 1)),
            abi.encodeCall(fund.contribute, (HELD, 1, Tranche.FIRST_LOSS, 1))
        ];
        btc.setOddity(OddToken.Oddity.REENTERS);
        bytes memory guard =
            abi.encodeWithSelector(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector);
        for (uint256 i = 0; i < calls.length; ++i) {
            btc.setCall(address(fund), calls[i]);
            refuse(KEEPER, abi.encodeCall(fund.withdrawReward, (address(btc))), guard);
            refuse(address(btc), abi.encodeCall(fund.draw, (HELD, 1, 1)), guard);
        }
    }
}
