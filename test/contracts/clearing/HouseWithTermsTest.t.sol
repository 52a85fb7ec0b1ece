// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ClearingHouse} from "../../../contracts/ClearingHouse.sol";
import {Collateral, ExpiryTerms, Transition} from "../../../contracts/interfaces/ClearingTypes.sol";
import {IClearingTerms} from "../../../contracts/interfaces/IClearingTerms.sol";
import {MarketSubmission, PriceRound} from "../../../contracts/interfaces/IMarketBoard.sol";
import {MarginLevel} from "../../../contracts/interfaces/IMarketSource.sol";
import {IProofBatch} from "../../../contracts/interfaces/IProofBatch.sol";
import {CircuitConfig, CircuitKind} from "../../../contracts/interfaces/ISolvencyRegistry.sol";
import {MockProofBatch} from "../mocks/MockProofBatch.sol";
import {MockVerifierAny} from "../mocks/MockVerifierAny.sol";
import {TermsFixture} from "./TermsFixture.sol";

/// @dev From a price that a board read to the words that an account proves what it owes with: boards, terms and house as they are
/// deployed, verifiers that take exactly the signals sealed here.
contract HouseWithTermsTest is TermsFixture {
    uint256 private constant TRANSITION = 601;
    uint256 private constant EXPIRY = 2;
    uint256 private constant FUNDING = 3;
    uint256 private constant OPENS_UNMARGINED_OWNED = 8 + 32 + 64;

    ClearingHouse private house;
    uint64 private handle;

    function setUp() public override {
        super.setUp();
        MockVerifierAny verifier = new MockVerifierAny("transition key", true);
        vm.prank(OWNER);
        registry.proposeCircuit(CircuitConfig(TRANSITION, CircuitKind.ACCOUNT_TRANSITION, address(verifier)), 0);
        vm.warp(block.timestamp + CIRCUIT_DELAY);
        registry.addCircuit(TRANSITION);
        house = new ClearingHouse(registry, terms, IProofBatch(address(new MockProofBatch())));
        acceptTable(MARKET);
    }

    /// @dev Made from a round of now, of initial level.
    function acceptTable(uint256 commitment) private {
        MarketSubmission memory s;
        (s.circuitId, s.commitment, s.level, s.settlementAssets) = (TABLE, commitment, MarginLevel.INITIAL, 2);
        s.round = openCleared();
        s.parameters = clearedParameters();
        s.volatilities = new uint32[](2);
        (s.volatilities[0], s.volatilities[1]) = (500_000, 520_000);
        s.volatilityDeadline = uint64(block.timestamp + 60);
        bytes32 digest = volatilityDigest(s, address(board), block.chainid, CLEARED);
        s.volatilitySignatures = signedBy(digest, keys[1], keys[2]);
        s = sealTable(s, clearedListings(), block.chainid, address(registry), CLEARED);
        vm.prank(OPERATOR);
        board.acceptMarket(CLEARED, s);
    }

    /// @dev To a commitment that nothing else has, by somebody who knows the opening.
    function sealed_(uint256 oldCommitment, uint256 words, uint256 delta) private view returns (Transition memory t) {
        (t.circuitId, t.marketCommitment) = (TRANSITION, MARKET);
        t.newCommitment = uint256(keccak256(abi.encode(oldCommitment, words))) % P;
        uint256 base = poseidon5.poseidon([uint256(16), block.chainid, uint160(address(registry)), CLEARED, 1]);
        uint256 frame = poseidon3.poseidon([uint256(28), domain(base, TRANSITION), MARKET]);
        uint256[5] memory signals = [frame, oldCommitment, t.newCommitment, words, delta];
        t.proof.a[0] = uint256(keccak256(abi.encodePacked(signals)));
    }

    /// @dev Without collateral, in this funding period.
    function openAccount(uint256 period) private {
        Collateral memory none__;
        none__.deadline = uint64(block.timestamp);
        uint256 context = uint256(uint128(house.collateralContext(0, address(this), address(this), none__)));
        uint256 words =
            OPENS_UNMARGINED_OWNED + period * 2 ** 8 + (context % 2 ** 64) * 2 ** 64 + (context / 2 ** 64) * 2 ** 128;
        Transition memory t = sealed_(0, words, 0);
        (t.owned, t.unmargined) = (true, true);
        handle = house.open(CLEARED, address(this), none__, t);
    }

    function commitmentNow() private view returns (uint256) {
        return house.accountOf(handle).commitment;
    }

    function test_P218_anExercisedCallIsProvenByWhatTheBoardsConfirm() public {
        openAccount(0);
        ExpiryTerms memory t = physicalTerms(CALL, 1);
        listExpiry(t);
        vm.warp(t.expiry - 1);
        PriceRound memory before = openCleared();
        vm.warp(t.expiry);
        quote(BTC_FEED, 66_000e8);
        PriceRound memory round = openCleared();
        // The strike, 6.5 * 10^8 value units, is paid in cash of 10^6 a quantum; one quantum of coin is delivered.
        uint256 delta = CALL + uint256(USD_ROW) * 2 ** 16 + uint256(BTC_ROW) * 2 ** 32 + (2 ** 48 - 6.5e8) * 2 ** 48
            + uint256(1e6) * 2 ** 97 + (2 ** 32 + 1) * 2 ** 145;
        Transition memory due = sealed_(commitmentNow(), EXPIRY, delta);
        vm.expectRevert(abi.encodeWithSelector(IClearingTerms.SettlementNotRecorded.selector, CLEARED, CALL));
        house.settleExpiry(handle, CALL, due, "");
        terms.recordExpiry(CLEARED, CALL, round, before, clearedParameters());
        house.settleExpiry(handle, CALL, due, "");
        assertEq(commitmentNow(), due.newCommitment, "settled");
    }

    function test_P219_fundingIsProvenByWhatAccruedSinceTheAccountsPeriod() public {
        openAccount(0);
        listPerpetual(perpetual(BTC_PERP, BTC_FEED), USD_ROW);
        listPerpetual(perpetual(ETH_PERP, ETH_FEED), USD_ROW);
        vm.warp(block.timestamp + INTERVAL);
        terms.accrueFunding(CLEARED, openCleared(), clearedParameters());
        // Longs of BTC pay 3 * 10^5 of 10^-6 quanta, longs of ETH get 3 * 10^4; where no third is listed the rate is 0.
        uint256 delta = 3 + (2 ** 63 + 3e5) * 2 ** 16 + (8 + (2 ** 63 - 3e4) * 2 ** 16) * 2 ** 80 + (2 ** 79) * 2 ** 160;
        Transition memory due = sealed_(commitmentNow(), FUNDING + 1 * 2 ** 8 + uint256(USD_ROW) * 2 ** 64, delta);
        house.settleFunding(handle, 0, due, "");
        assertEq(commitmentNow(), due.newCommitment, "paid");
        // What is opened now is of this period.
        openAccount(1);
        vm.expectRevert(abi.encodeWithSelector(IClearingTerms.FundingPeriodUnknown.selector, 2, 1));
        house.settleFunding(handle, 2, due, "");
    }
}
