// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IAccountProofs} from "../../../contracts/interfaces/IAccountProofs.sol";
import {IClearingHouse} from "../../../contracts/interfaces/IClearingHouse.sol";
import {IDefaultFund} from "../../../contracts/interfaces/IDefaultFund.sol";
import {ILiquidations} from "../../../contracts/interfaces/ILiquidations.sol";
import {InstrumentKind} from "../../../contracts/interfaces/IMarketBoard.sol";
import {IPoseidon6} from "../../../contracts/interfaces/IPoseidon6.sol";
import {ISolvencyRegistry} from "../../../contracts/interfaces/ISolvencyRegistry.sol";
import {IVenueTimelock, PendingChange, ChangeKind} from "../../../contracts/interfaces/IVenueTimelock.sol";
import {LiquidationRules} from "../../../contracts/interfaces/LiquidationTypes.sol";
import {Liquidations} from "../../../contracts/Liquidations.sol";
import {MockDefaultFund} from "../mocks/MockDefaultFund.sol";
import {LiquidationFixture} from "./LiquidationFixture.sol";

/// @dev What rules a venue may have, and what the contract is made of.
contract LiquidationRulesTest is LiquidationFixture {
    function refuseRules(LiquidationRules memory r, bytes32 what, uint256 value) private {
        bytes memory reason = abi.encodeWithSelector(IVenueTimelock.InvalidRules.selector, what, value);
        refused(PARAMETERS, 0, abi.encodeCall(liquidations.proposeRules, (LIQUID, r)), reason);
    }

    function propose(LiquidationRules memory r) private {
        vm.prank(PARAMETERS);
        liquidations.proposeRules(LIQUID, r);
    }

    function test_P241_theFirstRulesAreActiveAtOnceAndLaterOnesWait() public {
        LiquidationRules memory r = usualRules();
        r.penalty += 1;
        propose(r);
        bytes32 now_ = keccak256(abi.encode(liquidations.rulesOf(LIQUID)));
        assertEq(now_, keccak256(abi.encode(usualRules())), "still the first");
        PendingChange memory waits = liquidations.pendingChange(LIQUID, ChangeKind.LIQUIDATION_RULES);
        assertEq(waits.digest, keccak256(abi.encode(r)), "digest");
        assertEq(waits.readyAt, START + 2 days, "ready");
        bytes memory activate = abi.encodeCall(liquidations.activateRules, (LIQUID, r));
        bytes memory early =
            abi.encodeWithSelector(IVenueTimelock.TimelockRunning.selector, START + 2 days, block.timestamp);
        refused(PARAMETERS, 0, activate, early);
        pass(2 days);
        bytes memory notAdmin = abi.encodeWithSelector(ISolvencyRegistry.NotParameterAdmin.selector, LIQUID, STRANGER);
        refused(STRANGER, 0, activate, notAdmin);
        refused(STRANGER, 0, abi.encodeCall(liquidations.proposeRules, (LIQUID, r)), notAdmin);
        vm.prank(PARAMETERS);
        liquidations.activateRules(LIQUID, r);
        now_ = keccak256(abi.encode(liquidations.rulesOf(LIQUID)));
        assertEq(now_, keccak256(abi.encode(r)), "now these");
    }

    function test_P241_bondsAndTimesHaveBounds() public {
        LiquidationRules memory r = usualRules();
        r.timelock = 1 days - 1;
        refuseRules(r, "timelock", 1 days - 1);
        r = usualRules();
        r.bond = 0;
        refuseRules(r, "bond", 0);
        r.bond = type(uint96).max / 8 + 1;
        refuseRules(r, "bond", r.bond);
        r.bond = type(uint96).max / 8;
        r.fall = 0;
        refuseRules(r, "fall", 0);
        r.fall = 1;
        propose(r);
        r.windows[3] = 59;
        refuseRules(r, "windows", 59);
        r.windows = [uint32(600), 600, 601, 600];
        refuseRules(r, "windows", 601);
    }

    function test_P241_discountAndPenaltyLieInTheBandWhenRulesBecomeActiveToo() public {
        LiquidationRules memory r = usualRules();
        r.maxDiscount = BAND - PENALTY;
        refuseRules(r, "maxDiscount", BAND);
        r.maxDiscount -= 1;
        propose(r);
        house.setBand(BAND - 1);
        pass(2 days);
        bytes memory reason =
            abi.encodeWithSelector(IVenueTimelock.InvalidRules.selector, bytes32("maxDiscount"), BAND - 1);
        refused(PARAMETERS, 0, abi.encodeCall(liquidations.activateRules, (LIQUID, r)), reason);
    }

    function test_P241_sharesAreOfThePenaltyAndASubsidyIsNoMoreThanWhatIsLeft() public {
        LiquidationRules memory r = usualRules();
        r.fundShare = 1e6 - KEEPER_SHARE + 1;
        refuseRules(r, "keeperShare", 1e6 + 1);
        r.fundShare -= 1;
        // Of 20,000 ppm the keeper has three tenths.
        r.maxSubsidy = 14_001;
        refuseRules(r, "maxSubsidy", 14_001);
        r.maxSubsidy = 14_000;
        propose(r);
    }

    function test_P241_theStrikesShareIsOneAndFeesAreInCash() public {
        LiquidationRules memory r = usualRules();
        r.strikeShare = 1e6 + 1;
        refuseRules(r, "strikeShare", 1e6 + 1);
        r.strikeShare = 1e6;
        r.feeRow = BTC_ROW;
        refuseRules(r, "feeRow", uint256(InstrumentKind.SPOT));
        r.feeRow = ENTRY_ROW;
        refuseRules(r, "feeRow", uint256(InstrumentKind.ENTRY));
        r.feeRow = ROWS;
        refuseRules(r, "feeRow", uint256(InstrumentKind.NONE));
        r.feeRow = EUR_ROW;
        propose(r);
    }

    function test_P241_aVenueWhoseTablesAreStatedLiquidatesNothing() public {
        bytes memory reason = abi.encodeWithSelector(ILiquidations.NoMarketBoard.selector, VENUE);
        refused(PARAMETERS, 0, abi.encodeCall(liquidations.proposeRules, (VENUE, usualRules())), reason);
        house.setAccount(40, 1, TRADER, uint64(VENUE));
        reason = abi.encodeWithSelector(IVenueTimelock.NoRules.selector, VENUE);
        refuse(abi.encodeCall(liquidations.challenge, (40, keeps)), reason);
        refuse(abi.encodeCall(liquidations.start, (40, underWater(KEEPER))), reason);
    }

    // ---- what it is made of ----

    function test_P241_partsAreContractsThatBelongTogether() public {
        vm.expectRevert(abi.encodeWithSelector(IVenueTimelock.NoCode.selector, bytes32("house"), STRANGER));
        made(STRANGER, address(proofs), address(fund), address(poseidon6));
        vm.expectRevert(abi.encodeWithSelector(IVenueTimelock.NoCode.selector, bytes32("proofs"), STRANGER));
        made(address(house), STRANGER, address(fund), address(poseidon6));
        vm.expectRevert(abi.encodeWithSelector(IVenueTimelock.NoCode.selector, bytes32("fund"), STRANGER));
        made(address(house), address(proofs), STRANGER, address(poseidon6));
        vm.expectRevert(abi.encodeWithSelector(IVenueTimelock.NoCode.selector, bytes32("poseidon6"), STRANGER));
        made(address(house), address(proofs), address(fund), STRANGER);
        address other = address(new MockDefaultFund(STRANGER));
        vm.expectRevert(abi.encodeWithSelector(ILiquidations.PartOfAnotherRegistry.selector, other));
        made(address(house), address(proofs), other, address(poseidon6));
    }

    function test_P241_theHashOfTradesIsCircomlibs() public {
        OffByOne wrong = new OffByOne(poseidon6);
        uint256 right = poseidon6.poseidon([uint256(1), 2, 3, 4, 5, 6]);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISolvencyRegistry.PoseidonMismatch.selector, address(wrong), addmod(right, 1, P), right
            )
        );
        made(address(house), address(proofs), address(fund), address(wrong));
        assertEq(address(liquidations.POSEIDON6()), address(poseidon6), "hash");
        assertEq(address(liquidations.HOUSE()), address(house), "house");
        assertEq(address(liquidations.PROOFS()), address(proofs), "proofs");
        assertEq(address(liquidations.FUND()), address(fund), "fund");
    }

    function made(address house_, address proofs_, address fund_, address hash_) private returns (Liquidations) {
        return new Liquidations(
            IClearingHouse(house_), IAccountProofs(proofs_), IDefaultFund(fund_), IPoseidon6(hash_), 1 days
        );
    }
}

/// @dev A hash that is another one.
contract OffByOne {
    uint256 private constant P = 21888242871839275222246405745257275088548364400416034343698204186575808495617;
    IPoseidon6 private immutable _right;

    constructor(IPoseidon6 right) {
        _right = right;
    }

    function poseidon(uint256[6] calldata inputs) external view returns (uint256) {
        return addmod(_right.poseidon(inputs), 1, P);
    }
}
