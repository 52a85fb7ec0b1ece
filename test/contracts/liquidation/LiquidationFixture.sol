// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {StatedMarkets} from "../../../contracts/demo/StatedMarkets.sol";
import {TestToken} from "../../../contracts/demo/TestToken.sol";
import {ClearingRules} from "../../../contracts/interfaces/ClearingTypes.sol";
import {IAccountProofs, MarkClaim} from "../../../contracts/interfaces/IAccountProofs.sol";
import {IClearingHouse} from "../../../contracts/interfaces/IClearingHouse.sol";
import {IDefaultFund} from "../../../contracts/interfaces/IDefaultFund.sol";
import {InstrumentKind} from "../../../contracts/interfaces/IMarketBoard.sol";
import {MarginLevel} from "../../../contracts/interfaces/IMarketSource.sol";
import {IPoseidon6} from "../../../contracts/interfaces/IPoseidon6.sol";
import {CircuitConfig, CircuitKind, SettlementAsset} from "../../../contracts/interfaces/ISolvencyRegistry.sol";
import {
    AccountStanding,
    LiquidationRules,
    Lot,
    Standing,
    VerdictClaim
} from "../../../contracts/interfaces/LiquidationTypes.sol";
import {Liquidations} from "../../../contracts/Liquidations.sol";
import {MockDefaultFund} from "../mocks/MockDefaultFund.sol";
import {MockLiquidationBoard} from "../mocks/MockLiquidationBoard.sol";
import {MockMarkProofs} from "../mocks/MockMarkProofs.sol";
import {MockSaleHouse} from "../mocks/MockSaleHouse.sol";
import {MockVerifierAny} from "../mocks/MockVerifierAny.sol";
import {OddToken} from "../mocks/OddToken.sol";
import {RegistryFixture} from "../RegistryFixture.sol";

/// @dev A venue with rules, an account that can be doubted, and a bidder. Verdicts are sealed for a mock verifier, which takes a proof only
/// where the contract derives exactly the signals that are written down here, from docs/decisions/0010 and no code of the contract.
abstract contract LiquidationFixture is RegistryFixture {
    uint256 internal constant LIQUID = 8;
    uint256 internal constant MARGIN = 701;
    uint256 internal constant EXIT = 702;
    uint32 internal constant MOST_AGE = 5 minutes;
    uint24 internal constant BAND = 100_000;
    uint96 internal constant CHALLENGE_BOND = 0.1 ether;
    uint32 internal constant QUIET = 1 hours;
    uint32 internal constant FALL = 200;
    uint24 internal constant MOST_DISCOUNT = 40_000;
    uint24 internal constant PENALTY = 20_000;
    uint24 internal constant MOST_SUBSIDY = 12_000;
    uint24 internal constant KEEPER_SHARE = 300_000;
    uint24 internal constant FUND_SHARE = 500_000;
    uint24 internal constant STRIKE_SHARE = 50_000;
    uint128 internal constant LEAST_LOT = 1e6;
    uint256 internal constant USD_UNITS = 10;

    uint16 internal constant USD_ROW = 0;
    uint16 internal constant BTC_ROW = 1;
    uint16 internal constant ENTRY_ROW = 2;
    uint16 internal constant PERP_ROW = 3;
    uint16 internal constant PERP_TIER = 4;
    uint16 internal constant CALL_ROW = 5;
    uint16 internal constant EUR_ROW = 6;
    uint16 internal constant FUTURE_ROW = 7;
    uint16 internal constant EUR_ENTRY_ROW = 8;
    uint16 internal constant ROWS = 9;
    uint48 internal constant STRIKE = 4_000;

    uint64 internal constant ACCOUNT = 1;
    uint64 internal constant BIDDER = 2;
    uint64 internal constant THIRD = 3;
    address internal constant TRADER = address(0xC1);
    address internal constant BUYER = address(0xC2);
    address internal constant KEEPER = address(0xC3);
    address internal constant OTHER_KEEPER = address(0xC4);

    IPoseidon6 internal poseidon6;
    MockVerifierAny internal verifier;
    MockLiquidationBoard internal board;
    MockMarkProofs internal proofs;
    MockSaleHouse internal house;
    MockDefaultFund internal fund;
    Liquidations internal liquidations;
    TestToken internal usd;
    OddToken internal eur;
    /// Latest of each level; counted up by every new table.
    uint256 internal keeps;
    uint256 internal opens;

    function setUp() public virtual override {
        verifier = new MockVerifierAny("margin key", true);
        super.setUp();
        poseidon6 = IPoseidon6(deployArtifact("build/contracts/Poseidon6.json"));
        (usd, eur) = (new TestToken("Test USD", "tUSD", 6), new OddToken());
        board = newBoard();
        proofs = new MockMarkProofs();
        house = new MockSaleHouse(registry, ClearingRules(3 days, MOST_AGE, BAND));
        fund = new MockDefaultFund(address(house));
        registerVenue();
        liquidations = newLiquidations();
        house.setLiquidations(address(liquidations));
        house.setToken(IERC20(address(usd)));
        fund.setToken(0, IERC20(address(usd)));
        fund.setToken(2, IERC20(address(eur)));
        vm.prank(PARAMETERS);
        liquidations.proposeRules(LIQUID, usualRules());
        house.setAccount(ACCOUNT, 11, TRADER, uint64(LIQUID));
        house.setAccount(BIDDER, 21, BUYER, uint64(LIQUID));
        house.setAccount(THIRD, 31, STRANGER, uint64(LIQUID));
        fillPurses();
        newTables();
    }

    function newLiquidations() internal returns (Liquidations) {
        return new Liquidations(
            IClearingHouse(address(house)),
            IAccountProofs(address(proofs)),
            IDefaultFund(address(fund)),
            poseidon6,
            1 days
        );
    }

    function newBoard() private returns (MockLiquidationBoard made) {
        made = new MockLiquidationBoard();
        made.list(InstrumentKind.CASH, 0, false);
        made.list(InstrumentKind.SPOT, 0, false);
        made.list(InstrumentKind.ENTRY, 0, false);
        made.list(InstrumentKind.PERPETUAL, 0, false);
        made.list(InstrumentKind.PERPETUAL, 0, true);
        made.list(InstrumentKind.OPTION, STRIKE, false);
        made.list(InstrumentKind.CASH, 0, false);
        made.list(InstrumentKind.FUTURE, 0, false);
        made.list(InstrumentKind.ENTRY, 0, false);
        made.setAsset(USD_ROW, 0);
        made.setAsset(BTC_ROW, 1);
        made.setAsset(EUR_ROW, 2);
    }

    function registerVenue() private {
        markets = StatedMarkets(address(board));
        vm.prank(OWNER);
        registry.registerVenue(LIQUID, config());
        SettlementAsset[] memory list = new SettlementAsset[](3);
        list[0] = SettlementAsset(address(usd), uint128(USD_UNITS));
        list[1] = SettlementAsset(BTC, 1);
        list[2] = SettlementAsset(address(eur), 1);
        vm.prank(PARAMETERS);
        registry.registerSettlementAssets(LIQUID, list);
    }

    function fillPurses() private {
        usd.mint(BUYER, 1e18);
        usd.mint(address(fund), 1e18);
        eur.mint(BUYER, 1e18);
        eur.mint(address(fund), 1e18);
        vm.prank(BUYER);
        usd.approve(address(liquidations), type(uint256).max);
        vm.deal(KEEPER, 10 ether);
        vm.deal(OTHER_KEEPER, 10 ether);
    }

    function circuits() internal view override returns (CircuitConfig[] memory list) {
        CircuitConfig[] memory before = super.circuits();
        list = new CircuitConfig[](before.length + 2);
        for (uint256 i = 0; i < before.length; ++i) {
            list[i] = before[i];
        }
        list[before.length] = CircuitConfig(MARGIN, CircuitKind.ACCOUNT_MARGIN, address(verifier));
        list[before.length + 1] = CircuitConfig(EXIT, CircuitKind.ACCOUNT_EXIT, address(verifier));
    }

    function usualRules() internal pure returns (LiquidationRules memory r) {
        r.timelock = 2 days;
        r.bond = CHALLENGE_BOND;
        r.quiet = QUIET;
        r.windows = [uint32(600), 400, 300, 60];
        r.fall = FALL;
        (r.maxDiscount, r.maxSubsidy, r.penalty) = (MOST_DISCOUNT, MOST_SUBSIDY, PENALTY);
        (r.keeperShare, r.fundShare) = (KEEPER_SHARE, FUND_SHARE);
        (r.strikeShare, r.feeRow, r.minLot) = (STRIKE_SHARE, USD_ROW, LEAST_LOT);
    }

    // ---- tables ----

    function newTables() internal {
        newTable(MarginLevel.MAINTENANCE);
        newTable(MarginLevel.INITIAL);
    }

    function newTable(MarginLevel level) internal returns (uint256 commitment) {
        commitment = 1_000 + 2 * (keeps + opens) + uint256(level);
        board.accept(commitment, level, uint64(block.timestamp));
        if (level == MarginLevel.MAINTENANCE) keeps = commitment;
        else opens = commitment;
    }

    function pass(uint256 duration) internal {
        vm.warp(block.timestamp + duration);
    }

    // ---- verdicts ----

    function contextFor(uint64 handle, address sender) internal view returns (uint256) {
        return uint128(uint256(keccak256(abi.encode(address(liquidations), handle, sender))));
    }

    function healthyWord(uint64 handle) internal view returns (uint256) {
        return 1 + 2 ** 84 + 2 ** 96 * contextFor(handle, address(0));
    }

    function unhealthyWord(uint64 handle, address sender) internal view returns (uint256) {
        return 2 ** 96 * contextFor(handle, sender);
    }

    /// @param word terms as 0010 has them, or what a test forges
    function verdict(uint256 circuitId, uint256 commitment, uint256 table, uint256 word)
        internal
        view
        returns (VerdictClaim memory claim)
    {
        (claim.circuitId, claim.marketCommitment) = (circuitId, table);
        uint256 base = poseidon5.poseidon([uint256(16), block.chainid, uint160(address(registry)), LIQUID, 1]);
        uint256 domainHash = poseidon3.poseidon([uint256(17), base, circuitId]);
        uint256 frame = poseidon5.poseidon([uint256(24 + 65_536), domainHash, 0, commitment, table]);
        claim.proof.a[0] = uint256(keccak256(abi.encode(frame, word, uint256(0), uint256(0))));
    }

    function commitmentOf(uint64 handle) internal view returns (uint256) {
        return house.accountOf(handle).commitment;
    }

    function healthy(uint256 table) internal view returns (VerdictClaim memory) {
        return verdict(MARGIN, commitmentOf(ACCOUNT), table, healthyWord(ACCOUNT));
    }

    function underWater(address sender) internal view returns (VerdictClaim memory) {
        return verdict(MARGIN, commitmentOf(ACCOUNT), keeps, unhealthyWord(ACCOUNT, sender));
    }

    // ---- steps ----

    function standing() internal view returns (AccountStanding memory) {
        return liquidations.standingOf(ACCOUNT);
    }

    function assertStanding(Standing expected, string memory what) internal view {
        assertEq(uint256(standing().standing), uint256(expected), what);
    }

    function challenge() internal {
        challengeBy(KEEPER);
    }

    function challengeBy(address keeper) internal {
        uint256 bond = liquidations.challengeBond(ACCOUNT);
        vm.prank(keeper);
        liquidations.challenge{value: bond}(ACCOUNT, keeps);
    }

    function start() internal {
        VerdictClaim memory claim = underWater(KEEPER);
        vm.prank(KEEPER);
        liquidations.start(ACCOUNT, claim);
    }

    function answer() internal {
        liquidations.answer(ACCOUNT, healthy(keeps));
    }

    function freeze() internal {
        challenge();
        pass(601);
        newTables();
        liquidations.freeze(ACCOUNT, keeps);
    }

    // ---- auctions ----

    function markOf(uint256 table, uint16 row, uint64 value) internal view returns (MarkClaim memory claim) {
        (claim.circuitId, claim.row, claim.mark) = (703, row, value);
        claim.proof.a[0] = proofs.sealOf(LIQUID, table, row, value);
    }

    function lotOf(uint16 row, uint16 payRow, bool sells) internal pure returns (Lot memory) {
        return Lot(ACCOUNT, row, payRow, sells);
    }

    function mark(Lot memory lot, uint64 rowMark, uint64 payMark, uint64 feeMark) internal {
        MarkClaim memory ofRow = markOf(opens, lot.row, rowMark);
        MarkClaim memory ofPay = markOf(opens, lot.payRow, payMark);
        MarkClaim memory ofFee = markOf(opens, liquidations.rulesOf(LIQUID).feeRow, feeMark);
        liquidations.markAuction(lot, opens, ofRow, ofPay, ofFee, underWater(address(0)));
    }

    // ---- refusals ----

    function refused(address who, uint256 value, bytes memory call, bytes memory reason) internal {
        AccountStanding memory before = standing();
        vm.prank(who);
        (bool ok, bytes memory got) = address(liquidations).call{value: value}(call);
        assertFalse(ok, "the call must be refused");
        assertEq(keccak256(got), keccak256(reason), "the reason");
        assertEq(keccak256(abi.encode(standing())), keccak256(abi.encode(before)), "nothing changed");
    }

    function refuse(bytes memory call, bytes memory reason) internal {
        refused(KEEPER, 0, call, reason);
    }
}
