// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ClearingHouse} from "../../../contracts/ClearingHouse.sol";
import {
    ClearedAccount,
    Collateral,
    Settlement,
    Trade,
    Transfer,
    Transition
} from "../../../contracts/interfaces/ClearingTypes.sol";
import {MockClearingTerms} from "../mocks/MockClearingTerms.sol";
import {MockLiquidations} from "../mocks/MockLiquidations.sol";
import {MockProofBatch} from "../mocks/MockProofBatch.sol";
import {MockVerifierAny} from "../mocks/MockVerifierAny.sol";
import {VaultFixture} from "../vault/VaultFixture.sol";

/// @dev What owners prove, sealed for mock verifiers: they take a proof only where the house derives exactly the signals sealed here,
/// which come from docs/decisions/0009 and from no code of the house.
abstract contract HouseProofs is VaultFixture {
    uint256 internal constant TRANSITION_A = 601;
    uint256 internal constant TRANSITION_B = 602;
    uint32 internal constant TABLE_AGE = 5 minutes;
    uint24 internal constant BAND = 50_000;
    uint32 internal constant PERIOD = 17;

    uint256 internal constant COLLATERAL = 0;
    uint256 internal constant TRADE = 1;
    uint256 internal constant EXPIRY = 2;
    uint256 internal constant FUNDING = 3;
    uint256 internal constant SELLER = 4;
    uint256 internal constant OWNED = 8;
    uint256 internal constant REDUCING = 16;
    uint256 internal constant UNMARGINED = 32;
    uint256 internal constant OPENS = 64;

    ClearingHouse internal house;
    MockClearingTerms internal terms;
    MockProofBatch internal batch;
    MockLiquidations internal liquidations;
    MockVerifierAny internal verifierA;
    MockVerifierAny internal verifierB;
    /// Of initial level and of now, as long as a test lets no time pass.
    uint256 internal table;
    uint256 private _commitments;
    mapping(bytes32 key => uint256) private _frames;

    function commitmentOf(uint64 handle) internal view returns (uint256) {
        ClearedAccount memory account = house.accountOf(handle);
        return account.commitment;
    }

    // ---- transitions ----

    /// @dev Owned and margined, in the first circuit, to a commitment nothing else has. Not sealed.
    function draftTransition(uint256 marketCommitment) internal returns (Transition memory t) {
        t.circuitId = TRANSITION_A;
        t.marketCommitment = marketCommitment;
        t.newCommitment = uint256(keccak256(abi.encode("account", ++_commitments))) % P;
        t.owned = true;
    }

    /// @dev Hashing it for each proof would take most of the tests' time.
    function frame(uint256 venueId, Transition memory t) internal returns (uint256 value) {
        bytes32 key = keccak256(abi.encode(block.chainid, venueId, t.circuitId, t.marketCommitment));
        value = _frames[key];
        if (value != 0 || t.marketCommitment >= P) return value;
        value = computeFrame(venueId, t);
        _frames[key] = value;
    }

    function computeFrame(uint256 venueId, Transition memory t) private view returns (uint256) {
        uint256 base = poseidon5.poseidon([uint256(16), block.chainid, uint160(address(registry)), venueId, 1]);
        return poseidon3.poseidon([uint256(28), domain(base, t.circuitId), t.marketCommitment]);
    }

    function flags(Transition memory t) internal pure returns (uint256) {
        return (t.owned ? OWNED : 0) + (t.reducing ? REDUCING : 0) + (t.unmargined ? UNMARGINED : 0);
    }

    /// @param terms_ all of the word but the flags that the transition says itself
    function seal(Transition memory t, uint256 oldCommitment, uint256 terms_, uint256 delta)
        internal
        returns (Transition memory)
    {
        return sealAt(HELD, t, oldCommitment, terms_, delta);
    }

    function sealAt(uint256 venueId, Transition memory t, uint256 oldCommitment, uint256 terms_, uint256 delta)
        internal
        returns (Transition memory)
    {
        uint256[5] memory signals = [frame(venueId, t), oldCommitment, t.newCommitment, terms_ + flags(t), delta];
        return prove(t, signals);
    }

    function prove(Transition memory t, uint256[5] memory signals) internal view virtual returns (Transition memory) {
        t.proof.a[0] = uint256(keccak256(abi.encodePacked(signals)));
        return t;
    }

    function periodWord() internal pure virtual returns (uint256) {
        return uint256(PERIOD) * 2 ** 8;
    }

    // ---- collateral ----

    function bringing(uint16 row, uint64 amount) internal view returns (Collateral memory c) {
        (c.inRow, c.inAmount, c.deadline) = (row, amount, uint64(block.timestamp + 1 hours));
    }

    function taking(uint16 row, uint64 amount, address recipient) internal view returns (Collateral memory c) {
        (c.outRow, c.outAmount, c.deadline) = (row, amount, uint64(block.timestamp + 1 hours));
        c.recipient = recipient;
    }

    function collateralDelta(Collateral memory c) internal pure returns (uint256) {
        return
            uint256(c.inRow) + uint256(c.inAmount) * 2 ** 16 + uint256(c.outRow) * 2 ** 80 + uint256(c.outAmount) * 2
                ** 96;
    }

    function contextWord(bytes32 hash) internal pure returns (uint256) {
        uint256 low = uint256(uint64(uint256(hash)));
        uint256 high = uint256(uint64(uint256(hash) >> 64));
        return low * 2 ** 64 + high * 2 ** 128;
    }

    function opening(address controller, address payer, Collateral memory c) internal returns (Transition memory) {
        return openingAt(HELD, controller, payer, c);
    }

    function openingAt(uint256 venueId, address controller, address payer, Collateral memory c)
        internal
        returns (Transition memory t)
    {
        t = draftTransition(table);
        t.unmargined = true;
        bytes32 hash = keccak256(abi.encode(address(house), uint64(0), controller, payer, c));
        return sealAt(venueId, t, 0, COLLATERAL + OPENS + periodWord() + contextWord(hash), collateralDelta(c));
    }

    function sealAdjust(uint64 handle, address payer, Collateral memory c, Transition memory t)
        internal
        returns (Transition memory)
    {
        bytes32 hash = keccak256(abi.encode(address(house), handle, address(0), payer, c));
        return seal(t, commitmentOf(handle), COLLATERAL + periodWord() + contextWord(hash), collateralDelta(c));
    }

    function sealTransfer(Transfer memory m, bool receives, Transition memory t) internal returns (Transition memory) {
        uint256 delta = uint256(m.row) + uint256(m.amount) * 2 ** 16;
        bytes32 hash = keccak256(abi.encode(address(house), m));
        uint256 old = commitmentOf(receives ? m.to : m.from);
        return seal(t, old, COLLATERAL + periodWord() + contextWord(hash), receives ? delta : delta * 2 ** 80);
    }

    // ---- trades ----

    function sideWord(Trade memory trade, bool seller) internal pure returns (uint256) {
        return TRADE + (seller ? SELLER : 0) + periodWord() + uint256(BAND) * 2 ** 40 + uint256(trade.buyer) * 2 ** 64
            + uint256(trade.seller) * 2 ** 128 + uint256(trade.expiry) * 2 ** 192;
    }

    function sealSide(Trade memory trade, bool seller, Transition memory t) internal returns (Transition memory) {
        uint256 old = commitmentOf(seller ? trade.seller : trade.buyer);
        return seal(t, old, sideWord(trade, seller), trade.commitment);
    }

    function sealBoth(Settlement memory s) internal returns (Settlement memory) {
        s.buyerSide = sealSide(s.trade, false, s.buyerSide);
        s.sellerSide = sealSide(s.trade, true, s.sellerSide);
        return s;
    }

    function draftSettlement(uint64 buyer, uint64 seller, uint256 marketCommitment)
        internal
        returns (Settlement memory s)
    {
        uint256 commitment = uint256(keccak256(abi.encode("trade", ++_commitments))) % P;
        s.trade = Trade(buyer, seller, uint64(block.timestamp + 1 minutes), commitment);
        s.buyerSide = draftTransition(marketCommitment);
        s.sellerSide = draftTransition(marketCommitment);
    }

    // ---- what the operator signs ----

    function signOpenings(bytes memory openings) internal view returns (bytes memory) {
        return signOpeningsBy(OPERATOR_KEY, HELD, openings);
    }

    function signOpeningsBy(uint256 key, uint256 venueId, bytes memory openings) internal view returns (bytes memory) {
        bytes32 domainHash = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Clearproof ClearingHouse"),
                keccak256("1"),
                block.chainid,
                address(house)
            )
        );
        bytes32 structHash = keccak256(
            abi.encode(keccak256("Openings(uint256 venueId,bytes32 openings)"), venueId, keccak256(openings))
        );
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, keccak256(abi.encodePacked(hex"1901", domainHash, structHash)));
        return abi.encodePacked(r, s, v);
    }

    function openingOf(uint64 handle, Transition memory t) internal pure returns (bytes memory) {
        return t.owned && !t.unmargined ? abi.encode(handle, t.newCommitment) : bytes("");
    }

    function receiptFor(uint64 handle, Transition memory t) internal view returns (bytes memory) {
        return signOpenings(openingOf(handle, t));
    }

    function receiptOfTwo(uint64 first, Transition memory a, uint64 second, Transition memory b)
        internal
        view
        returns (bytes memory)
    {
        return signOpenings(bytes.concat(openingOf(first, a), openingOf(second, b)));
    }

    function receiptOf(Settlement memory s) internal view returns (bytes memory) {
        return receiptOfTwo(s.trade.buyer, s.buyerSide, s.trade.seller, s.sellerSide);
    }
}
