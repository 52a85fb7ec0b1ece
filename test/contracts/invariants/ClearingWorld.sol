// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ClearingHouse} from "../../../contracts/ClearingHouse.sol";
import {
    ClearingRules,
    Collateral,
    ExpirySettlement,
    Settlement,
    Trade,
    Transition
} from "../../../contracts/interfaces/ClearingTypes.sol";
import {IClearingTerms} from "../../../contracts/interfaces/IClearingTerms.sol";
import {MarginLevel, Market} from "../../../contracts/interfaces/IMarketSource.sol";
import {IProofBatch} from "../../../contracts/interfaces/IProofBatch.sol";
import {CircuitConfig, CircuitKind} from "../../../contracts/interfaces/ISolvencyRegistry.sol";
import {ClearingStatement, Deal, Opening} from "./ClearingStatement.sol";
import {IStatement, StatementBatch, StatementVerifier, TermsStandIn} from "./ClearingStandIns.sol";

/// @dev The vault's venue with a clearing house whose accounts are kept in the clear too, what its owners and its operator do to prove and
/// sign, and books of what came and went.
abstract contract ClearingWorld is ClearingStatement {
    uint256 internal constant TRANSITION_A = 601;
    uint256 internal constant TRANSITION_B = 602;
    uint32 internal constant CLEARED_AGE = 5 minutes;
    uint256 internal constant ASSETS = 2;
    uint256 internal constant USERS = 3;
    uint256 internal constant MOST_ACCOUNTS = 5;

    ClearingHouse public house;
    TermsStandIn public terms;

    /// @dev Commitment of each account, by what was done to it.
    mapping(uint64 handle => uint256) public current;
    mapping(uint256 commitment => uint256) public fills;
    uint256[] public filled;
    mapping(uint64 handle => mapping(uint256 asset => uint256)) public credit;
    /// @dev Token base units that came into the cleared sub-ledger and left it.
    mapping(uint256 asset => uint256) public cameIn;
    mapping(uint256 asset => uint256) public wentOut;
    /// @dev Quanta of an expired row that left accounts.
    mapping(uint16 row => int256) public expired;
    /// @dev Transitions that rounded what is owed: each loses less than one quantum.
    uint256 public roundings;
    /// @dev Refused though honest and due, or taken though not.
    uint256 public honestRefused;
    uint256 public forgeriesTaken;
    uint256 public forgeriesTried;

    uint64 internal count;
    uint256 private _nonces;
    uint256 private _table;
    uint256 private _tableTime;

    constructor() {
        setUp();
        terms = new TermsStandIn(registry, ClearingRules(3 days, CLEARED_AGE, 50_000), PERP_ROW);
        StatementBatch batch = new StatementBatch(IStatement(address(this)));
        house = new ClearingHouse(registry, IClearingTerms(address(terms)), IProofBatch(address(batch)));
        setHouse(address(house));
        for (uint256 u = 0; u < USERS; ++u) {
            fill(userAt(u));
            vm.startPrank(userAt(u));
            usd.approve(address(house), type(uint256).max);
            btc.approve(address(house), type(uint256).max);
            btc.approve(address(vault), type(uint256).max);
            vm.stopPrank();
        }
        deposit(ALICE, 0, 1_000_000);
        deposit(ALICE, 1, 5_000 * BTC_UNITS);
        vm.prank(ALICE);
        vault.depositFund(HELD, 10);
        nextEpoch();
    }

    function circuits() internal view virtual override returns (CircuitConfig[] memory list) {
        CircuitConfig[] memory before = super.circuits();
        list = new CircuitConfig[](before.length + 2);
        for (uint256 i = 0; i < before.length; ++i) {
            list[i] = before[i];
        }
        (address a, address b) = (_verifierA, _verifierB);
        list[before.length] = CircuitConfig(TRANSITION_A, CircuitKind.ACCOUNT_TRANSITION, a);
        list[before.length + 1] = CircuitConfig(TRANSITION_B, CircuitKind.ACCOUNT_TRANSITION, b);
    }

    address private immutable _verifierA = address(new StatementVerifier(IStatement(address(this)), TRANSITION_A));
    address private immutable _verifierB = address(new StatementVerifier(IStatement(address(this)), TRANSITION_B));

    // ---- who and what ----

    function userAt(uint256 user) internal pure returns (address) {
        return [ALICE, BOB, address(0xC3)][user % USERS];
    }

    function handleAt(uint256 seed) internal view returns (uint64) {
        return uint64(1 + seed % count);
    }

    function accounts() external view returns (uint64) {
        return count;
    }

    /// @dev Trades that filled.
    function trades() external view returns (uint256) {
        return filled.length;
    }

    function secretOf(uint64 handle) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode("secret", handle)));
    }

    function openingOf(uint64 handle) public view returns (Opening memory) {
        return openings[current[handle]];
    }

    /// @dev Of half the accounts the one shape, of half the other.
    function circuitOf(uint64 handle) internal pure returns (uint256) {
        return handle % 2 == 0 ? TRANSITION_A : TRANSITION_B;
    }

    function unitsOf(uint256 asset) public pure returns (uint256) {
        return asset == 0 ? 1 : BTC_UNITS;
    }

    function tokenOf(uint256 asset) public view returns (address) {
        return asset == 0 ? address(usd) : address(btc);
    }

    function vaultsCleared(uint256 asset) external view returns (uint256) {
        return vault.clearedBalance(HELD, asset);
    }

    // ---- tables ----

    /// @dev Of initial level, and of now if the last one is older than the venue permits.
    function table() internal returns (uint256) {
        if (_table == 0 || block.timestamp - _tableTime > CLEARED_AGE) {
            (_table, _tableTime) = (initialTable(), block.timestamp);
            noteFrames(_table);
        }
        return _table;
    }

    function maintenanceTable() internal returns (uint256 market) {
        market = 10_000 + ++_nonces;
        vm.prank(PARAMETERS);
        markets.stateMarket(HELD, market, Market(MarginLevel.MAINTENANCE, uint64(block.timestamp), 2), 12);
        noteFrames(market);
    }

    function noteFrames(uint256 market) private {
        uint256 base = poseidon5.poseidon([uint256(16), block.chainid, uint160(address(registry)), HELD, 1]);
        for (uint256 circuitId = TRANSITION_A; circuitId <= TRANSITION_B; ++circuitId) {
            marketOf[circuitId][poseidon3.poseidon([uint256(28), domain(base, circuitId), market])] = market;
        }
    }

    // ---- proofs ----

    /// @dev The account with another nonce, of the present period.
    function renewed(Opening memory old) internal returns (Opening memory next) {
        next = Opening(old.key, ++_nonces, terms.period(), old.q);
        int256[6] memory q;
        for (uint256 i = 0; i < MODEL_ROWS; ++i) {
            q[i] = old.q[i];
        }
        next.q = q;
    }

    function fresh(uint64 handle) internal returns (Opening memory next) {
        return renewed(openingOf(handle));
    }

    /// @dev Makes the commitment known to who proves.
    function committed(Opening memory next) internal returns (uint256 commitment) {
        commitment = uint256(keccak256(abi.encode(next))) % P;
        openings[commitment] = next;
    }

    function proven(uint64 handle, Opening memory next, uint256 market) internal returns (Transition memory t) {
        t.circuitId = circuitOf(handle);
        t.marketCommitment = market;
        t.newCommitment = committed(next);
        t.unmargined = isUnmargined(next.q);
        t.owned = true;
        t.proof.a[0] = secretOf(handle);
    }

    /// @dev By whoever knows the opening.
    function provenByAnybody(uint64 handle, Opening memory next, uint256 market, uint256 delta)
        internal
        returns (Transition memory t)
    {
        next.nonce = derivedNonce(openingOf(handle).nonce, delta);
        t = proven(handle, next, market);
        t.owned = false;
        t.proof.a[0] = 0;
    }

    function agreed(Deal memory deal) internal returns (Trade memory trade) {
        trade = Trade(deal.buyer, deal.seller, deal.expiry, uint256(keccak256(abi.encode(deal, ++_nonces))) % P);
        deals[trade.commitment] = deal;
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

    // ---- calls and books ----

    function callHouse(address who, bytes memory data) internal returns (bool done) {
        vm.prank(who);
        (done,) = address(house).call(data);
    }

    function becomes(uint64 handle, Transition memory t) internal {
        current[handle] = t.newCommitment;
    }

    function noteIn(uint64 handle, Collateral memory c) internal {
        uint256 amount = c.inAmount * unitsOf(c.inRow);
        uint256 credited = credit[handle][c.inRow] < amount ? credit[handle][c.inRow] : amount;
        credit[handle][c.inRow] -= credited;
        cameIn[c.inRow] += amount - credited;
    }

    function noteFill(Settlement memory s) internal {
        filled.push(s.trade.commitment);
        ++fills[s.trade.commitment];
        becomes(s.trade.buyer, s.buyerSide);
        becomes(s.trade.seller, s.sellerSide);
    }

    function settlementOf(uint16 row) public view returns (ExpirySettlement memory settlement) {
        (, settlement) = terms.expiryOf(HELD, row);
    }

    /// @dev What the account would hold of cash and coin if all that is due were settled, and how often that rounds.
    function projected(uint64 handle) public view returns (int256 cash, int256 coin, uint256 rounds) {
        Opening memory o = openingOf(handle);
        (cash, coin) = (o.q[USD_ROW], o.q[BTC_ROW]);
        if (o.q[PERP_ROW] != 0 && o.period != terms.period()) {
            cash += floorDiv(-o.q[PERP_ROW] * int256(terms.rateSince(o.period)), 1e6);
            ++rounds;
        }
        for (uint16 row = CASH_OPTION; row <= COIN_OPTION; ++row) {
            ExpirySettlement memory s = settlementOf(row);
            if (s.round == 0 || o.q[row] == 0) continue;
            cash += floorDiv(o.q[row] * s.value, int256(uint256(s.unit)));
            coin += o.q[row] * s.deliver;
            ++rounds;
        }
    }
}
