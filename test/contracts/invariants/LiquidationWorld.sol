// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ClearingHouse} from "../../../contracts/ClearingHouse.sol";
import {DefaultFund} from "../../../contracts/DefaultFund.sol";
import {ClearingRules, Collateral, Settlement, Transition} from "../../../contracts/interfaces/ClearingTypes.sol";
import {MarkClaim} from "../../../contracts/interfaces/IAccountProofs.sol";
import {IClearingTerms} from "../../../contracts/interfaces/IClearingTerms.sol";
import {Tranche} from "../../../contracts/interfaces/IDefaultFund.sol";
import {IDisputeSource} from "../../../contracts/interfaces/IDisputeSource.sol";
import {FundRules, LiquidationRules, Lot, VerdictClaim} from "../../../contracts/interfaces/LiquidationTypes.sol";
import {MarginLevel, Market} from "../../../contracts/interfaces/IMarketSource.sol";
import {IPoseidon6} from "../../../contracts/interfaces/IPoseidon6.sol";
import {IProofBatch} from "../../../contracts/interfaces/IProofBatch.sol";
import {CircuitConfig, CircuitKind} from "../../../contracts/interfaces/ISolvencyRegistry.sol";
import {Liquidations} from "../../../contracts/Liquidations.sol";
import {IStatement, StatementBatch, StatementVerifier} from "./ClearingStandIns.sol";
import {BoardStandIn, IVerdictStatement, LiquidationTerms, VerdictVerifier} from "./LiquidationStandIns.sol";
import {Holding, LiquidationStatement, Sale, Table} from "./LiquidationStatement.sol";

/// @dev The vault's venue with a clearing house, liquidations and a default fund, accounts that are kept in the clear too, prices that move,
/// and what owners, bidders and the operator do to prove and sign.
abstract contract LiquidationWorld is LiquidationStatement {
    uint256 internal constant TRANSITION = 601;
    uint256 internal constant VERDICT = 602;
    uint32 internal constant CLEARED_AGE = 5 minutes;
    uint24 internal constant BAND = 50_000;
    uint256 internal constant USERS = 3;
    uint256 internal constant MOST_ACCOUNTS = 5;
    uint48 internal constant STRIKE = 5e10;

    ClearingHouse public house;
    LiquidationTerms public terms;
    BoardStandIn public board;
    Liquidations public liquidations;
    DefaultFund public fund;
    IPoseidon6 internal poseidon6;

    /// @dev Commitment of each account, by what was done to it.
    mapping(uint64 handle => uint256) public current;
    uint64 public count;
    /// @dev Value units of a quantum of coin.
    uint256 public price = BTC_MARK;
    uint256 public maintenance;
    uint256 public initial;
    /// @dev The tables before these.
    uint256 internal formerMaintenance;
    uint256 internal nonces;

    address private immutable _transitions = address(new StatementVerifier(IStatement(address(this)), TRANSITION));
    address private immutable _verdicts = address(new VerdictVerifier(IVerdictStatement(address(this))));

    constructor() {
        setUp();
        terms = new LiquidationTerms(registry, ClearingRules(3 days, CLEARED_AGE, BAND), PERP_ROW);
        StatementBatch batch = new StatementBatch(IStatement(address(this)));
        house = new ClearingHouse(registry, IClearingTerms(address(terms)), IProofBatch(address(batch)));
        setHouse(address(house));
        fund = new DefaultFund(house, MIN_TIMELOCK);
        poseidon6 = IPoseidon6(deployArtifact("build/contracts/Poseidon6.json"));
        liquidations = new Liquidations(house, gate, fund, poseidon6, MIN_TIMELOCK);
        terms.name(address(liquidations));
        vm.startPrank(PARAMETERS);
        liquidations.proposeRules(HELD, rules());
        fund.proposeRules(HELD, FundRules(3 days, 1_000_000, 600_000, 300_000));
        vm.stopPrank();
        // The stranger too: that it could not pay must not be what stands in its way.
        for (uint256 u = 0; u <= USERS; ++u) {
            address who = u == USERS ? STRANGER : userAt(u);
            fill(who);
            vm.startPrank(who);
            usd.approve(address(house), type(uint256).max);
            usd.approve(address(liquidations), type(uint256).max);
            usd.approve(address(fund), type(uint256).max);
            vm.stopPrank();
        }
        deposit(ALICE, 0, 1_000_000);
        deposit(ALICE, 1, 5_000 * BTC_UNITS);
        vm.startPrank(ALICE);
        vault.depositFund(HELD, 10);
        fund.contribute(HELD, 0, Tranche.FIRST_LOSS, 1e8);
        fund.contribute(HELD, 0, Tranche.INSURANCE, 2e8);
        vm.stopPrank();
        nextEpoch();
        publish();
    }

    /// @dev The venue's tables are the board's.
    function newDisputes() internal override returns (IDisputeSource) {
        board = new BoardStandIn(registry, STRIKE);
        markets = board;
        return super.newDisputes();
    }

    function circuits() internal view override returns (CircuitConfig[] memory list) {
        CircuitConfig[] memory before = super.circuits();
        list = new CircuitConfig[](before.length + 2);
        for (uint256 i = 0; i < before.length; ++i) {
            list[i] = before[i];
        }
        list[before.length] = CircuitConfig(TRANSITION, CircuitKind.ACCOUNT_TRANSITION, _transitions);
        list[before.length + 1] = CircuitConfig(VERDICT, CircuitKind.ACCOUNT_MARGIN, _verdicts);
    }

    function rules() public pure returns (LiquidationRules memory r) {
        (r.timelock, r.bond, r.quiet) = (3 days, 1e15, 10 minutes);
        r.windows = [uint32(600), 300, 120, 60];
        (r.fall, r.maxDiscount, r.maxSubsidy, r.penalty) = (200, 20_000, 6_000, 10_000);
        (r.keeperShare, r.fundShare, r.strikeShare) = (300_000, 400_000, 50_000);
        // Ten dollars' worth.
        (r.feeRow, r.minLot) = (USD_ROW, 1e13);
    }

    // ---- who and what ----

    function userAt(uint256 user) internal pure returns (address) {
        return [ALICE, BOB, address(0xC3)][user % USERS];
    }

    function handleAt(uint256 seed) internal view returns (uint64) {
        return uint64(1 + seed % count);
    }

    function pair(uint256 seed, uint256 other) internal view returns (uint64 first, uint64 second) {
        first = handleAt(seed);
        second = handleAt(first + other % (count - 1));
    }

    function secretOf(uint64 handle) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode("secret", handle)));
    }

    function holdingOf(uint64 handle) public view returns (Holding memory) {
        return holdings[current[handle]];
    }

    function unitsOf(uint256 asset) public pure returns (uint256) {
        return asset == 0 ? 1 : BTC_UNITS;
    }

    function tokenOf(uint256 asset) public view returns (address) {
        return asset == 0 ? address(usd) : address(btc);
    }

    function clearedOf(uint256 asset) public view returns (uint256) {
        return vault.clearedBalance(HELD, asset);
    }

    // ---- tables ----

    /// @dev Of both levels, with prices of now.
    function publish() internal {
        formerMaintenance = maintenance;
        maintenance = stated(MarginLevel.MAINTENANCE);
        initial = stated(MarginLevel.INITIAL);
    }

    function stated(MarginLevel level) internal returns (uint256 market) {
        market = 10_000 + ++nonces;
        vm.prank(PARAMETERS);
        board.stateMarket(HELD, market, Market(level, uint64(block.timestamp), 2), 12);
        board.setLatest(HELD, level, market);
        int256 p = int256(price);
        int256 share = level == MarginLevel.INITIAL ? int256(15) : int256(10);
        int256 option = p > int256(uint256(STRIKE)) ? p - int256(uint256(STRIKE)) : int256(0);
        Table memory t;
        t.initial = level == MarginLevel.INITIAL;
        t.mark = [int256(uint256(USD_MARK)), p, int256(uint256(USD_MARK)), p, option];
        t.longCharge = [int256(0), p * share / 100, 0, p * share / 200, option * share / 100];
        t.shortCharge = [int256(2_000) * share, p * share / 80, 0, p * share / 200, 1 + p * share / 200];
        setTable(market, t);
        uint256 base = poseidon5.poseidon([uint256(16), block.chainid, uint160(address(registry)), HELD, 1]);
        marketOf[TRANSITION][poseidon3.poseidon([uint256(28), domain(base, TRANSITION), market])] = market;
    }

    function tableTime(uint256 market) internal view returns (uint256) {
        return board.market(HELD, market).snapshotTime;
    }

    function isFresh(uint256 market) internal view returns (bool) {
        return block.timestamp - tableTime(market) <= CLEARED_AGE;
    }

    /// @dev Tables that everything but what is about their age is done under.
    function freshen() internal {
        if (!isFresh(maintenance)) publish();
    }

    // ---- proofs ----

    /// @dev The account with another nonce, of the present period.
    function renewed(Holding memory old) internal returns (Holding memory next) {
        next.key = old.key;
        (next.nonce, next.period) = (++nonces, terms.period());
        for (uint256 i = 0; i < ROWS; ++i) {
            next.q[i] = old.q[i];
        }
    }

    function committed(Holding memory next) internal returns (uint256 commitment) {
        commitment = uint256(keccak256(abi.encode(next))) % P;
        holdings[commitment] = next;
    }

    function proven(uint64 handle, Holding memory next, uint256 market) internal returns (Transition memory t) {
        t.circuitId = TRANSITION;
        t.marketCommitment = market;
        t.newCommitment = committed(next);
        t.unmargined = isUnmargined(next.q);
        t.owned = true;
        t.proof.a[0] = secretOf(handle);
    }

    /// @dev By whoever knows the opening.
    function provenByAnybody(uint64 handle, Holding memory next, uint256 market, uint256 delta)
        internal
        returns (Transition memory t)
    {
        next.nonce = derivedNonce(holdingOf(handle).nonce, delta);
        t = proven(handle, next, market);
        t.owned = false;
        t.proof.a[0] = 0;
    }

    /// @dev Made for this handle and sender, of an account with this commitment; true or not.
    function verdictOf(uint256 commitment, uint256 market, bool healthy, uint64 handle, address sender)
        internal
        returns (VerdictClaim memory c)
    {
        uint256 base = poseidon5.poseidon([uint256(16), block.chainid, uint160(address(registry)), HELD, 1]);
        uint256 frame = poseidon5.poseidon([uint256(24 + 2 ** 16), domain(base, VERDICT), 0, commitment, market]);
        spokenOf[frame] = [commitment, market];
        (c.circuitId, c.marketCommitment) = (VERDICT, market);
        uint256 context = uint128(uint256(keccak256(abi.encode(address(liquidations), handle, sender))));
        uint256[4] memory s = [frame, (healthy ? 1 + 2 ** 84 : 0) + (context << 96), 0, 0];
        c.proof.a[0] = uint256(keccak256(abi.encode(s)));
    }

    function markClaim(uint256 market, uint16 row) internal view returns (MarkClaim memory c) {
        c.circuitId = ROW_MARK;
        (c.row, c.mark) = (row, uint64(uint256(judgedTable(market).mark[row])));
        c.proof.a[0] = gate.sealOfMark(HELD, market, c);
    }

    /// @dev Its trade commitment, worked out without the contract's code.
    function agreed(Sale memory sale, uint256 nonce) internal returns (uint256 commitment) {
        uint256 base = poseidon5.poseidon([uint256(16), block.chainid, uint160(address(registry)), HELD, 1]);
        uint256 parties = uint256(sale.buyer) | uint256(sale.seller) << 64 | uint256(sale.expiry) << 128;
        uint256 amounts =
            uint256(sale.row) | uint256(sale.payRow) << 16 | uint256(sale.quantity) << 32 | uint256(sale.payment) << 96;
        commitment = poseidon6.poseidon([uint256(29), base, parties, amounts, sale.market, nonce]);
        sales[commitment] = sale;
    }

    // ---- what the operator signs ----

    function signedFor(uint64 handle, Transition memory t) internal pure returns (bytes memory) {
        return t.owned && !t.unmargined ? abi.encode(handle, t.newCommitment) : bytes("");
    }

    function signedForTrade(Settlement memory s) internal pure returns (bytes memory) {
        return bytes.concat(signedFor(s.trade.buyer, s.buyerSide), signedFor(s.trade.seller, s.sellerSide));
    }

    function receipt(bytes memory list) internal view returns (bytes memory) {
        if (list.length == 0) return "";
        bytes32 domainHash = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Clearproof ClearingHouse"),
                keccak256("1"),
                block.chainid,
                address(house)
            )
        );
        bytes32 inner =
            keccak256(abi.encode(keccak256("Openings(uint256 venueId,bytes32 openings)"), HELD, keccak256(list)));
        (uint8 v, bytes32 r, bytes32 s) =
            vm.sign(OPERATOR_KEY, keccak256(abi.encodePacked(hex"1901", domainHash, inner)));
        return abi.encodePacked(r, s, v);
    }

    // ---- calls ----

    function tried(address to, address who, uint256 value, bytes memory data) internal returns (bool done) {
        vm.prank(who);
        (done,) = to.call{value: value}(data);
    }

    function collateral(uint256 inRow, uint256 inAmount, uint256 outRow, uint256 outAmount, address recipient)
        internal
        view
        returns (Collateral memory)
    {
        return Collateral(
            uint16(inRow),
            uint64(inAmount),
            uint16(outRow),
            uint64(outAmount),
            recipient,
            "beneficiary",
            uint64(block.timestamp)
        );
    }

    /// @dev What is for sale of an account in a row, and what it is paid in.
    function lotOf(uint64 handle, uint16 row) internal view returns (Lot memory) {
        return Lot(handle, row, row == PERP_ROW ? ENTRY_ROW : USD_ROW, holdingOf(handle).q[row] > 0);
    }
}
