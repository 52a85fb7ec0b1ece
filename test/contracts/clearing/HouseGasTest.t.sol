// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ClearingTerms} from "../../../contracts/ClearingTerms.sol";
import {Settlement, Trade, Transition} from "../../../contracts/interfaces/ClearingTypes.sol";
import {IClearingHouse} from "../../../contracts/interfaces/IClearingHouse.sol";
import {IClearingTerms} from "../../../contracts/interfaces/IClearingTerms.sol";
import {IProofBatch} from "../../../contracts/interfaces/IProofBatch.sol";
import {ProofBatch} from "../../../contracts/ProofBatch.sol";
import {HouseFixture} from "./HouseFixture.sol";

/// @dev Trades whose proofs a generated verifier and the batch verifier really check, under a key whose trapdoor is known, and what
/// that costs. Files by test/contracts/groth16-fixture.ts.
contract HouseGasTest is HouseFixture {
    string private constant FILE = "build/test/groth16-fixture.json";
    uint256 private constant SETTLE_BAR = 560_000;
    uint256 private constant MARGINAL_BAR = 180_000;
    uint256 private constant TRADES = 16;
    /// What the price board of a venue whose tables follow from one reads, more than stated tables do.
    uint256 private constant PRICE_BOARD = 10_000;

    address private _pairing;
    uint256[] private _proof;
    /// Constant, inverse of delta, weights of the signals.
    uint256[] private _simulation;
    uint64[] private _handles;
    mapping(uint64 handle => uint256) private _now;
    bytes private _openings;

    function setUp() public override {
        string memory json = vm.readFile(FILE);
        bytes memory code = vm.parseJsonBytes(json, ".TrapdoorVerifier5.bytecode");
        address deployed;
        assembly {
            deployed := create(0, add(code, 0x20), mload(code))
        }
        _pairing = deployed;
        _proof = vm.parseJsonUintArray(json, ".TrapdoorVerifier5.proof");
        _simulation = vm.parseJsonUintArray(json, ".TrapdoorVerifier5.simulation");
        super.setUp();
        house.recordFrame(HELD, TRANSITION_A, table);
        (_now[alice], _now[bob]) = (commitmentOf(alice), commitmentOf(bob));
        for (uint256 i = 0; i < 2 * TRADES; ++i) {
            _handles.push(opened(ALICE, 0));
            _now[_handles[i]] = commitmentOf(_handles[i]);
        }
    }

    function verifierOfA() internal view override returns (address) {
        return _pairing;
    }

    function proofBatch() internal override returns (IProofBatch made) {
        made = new ProofBatch();
        made.addKey(vm.parseJsonUintArray(vm.readFile(FILE), ".TrapdoorVerifier5.key"));
    }

    function clearingTerms() internal override returns (IClearingTerms made) {
        made = new ClearingTerms(registry, MIN_TIMELOCK);
        vm.prank(PARAMETERS);
        made.proposeRules(HELD, rulesWith(TABLE_AGE, BAND));
    }

    /// @dev Nothing is listed, so nothing accrued.
    function periodWord() internal pure override returns (uint256) {
        return 0;
    }

    /// @dev A and B as in the file; C takes up whatever the signals are.
    function prove(Transition memory t, uint256[5] memory signals) internal view override returns (Transition memory) {
        uint256 scalar = _simulation[0];
        for (uint256 i = 0; i < 5; ++i) {
            scalar = addmod(scalar, P - mulmod(signals[i] % P, _simulation[2 + i], P), P);
        }
        t.proof.a = [_proof[0], _proof[1]];
        t.proof.b = [[_proof[2], _proof[3]], [_proof[4], _proof[5]]];
        (bool ok, bytes memory point) = address(7).staticcall(abi.encode(1, 2, mulmod(scalar, _simulation[1], P)));
        assertTrue(ok, "ecMul");
        t.proof.c = abi.decode(point, (uint256[2]));
        return t;
    }

    function next(uint64 buyer, uint64 seller) private returns (Settlement memory s) {
        s = draftSettlement(buyer, seller, table);
        s.buyerSide = follow(buyer, s.trade, false, s.buyerSide);
        s.sellerSide = follow(seller, s.trade, true, s.sellerSide);
    }

    function follow(uint64 handle, Trade memory trade, bool seller, Transition memory t)
        private
        returns (Transition memory)
    {
        t = seal(t, _now[handle], sideWord(trade, seller), trade.commitment);
        _now[handle] = t.newCommitment;
        _openings = bytes.concat(_openings, openingOf(handle, t));
        return t;
    }

    /// @dev As a transaction of its own.
    function spent(bytes memory call) private returns (uint256 gas) {
        (bool ok, bytes memory reason) = address(house).call(call);
        gas = vm.lastCallGas().gasTotalUsed;
        assertTrue(ok, string(reason));
    }

    function batchOf(uint256 count, bool sameParties) private returns (bytes memory) {
        delete _openings;
        Settlement[] memory list = new Settlement[](count);
        for (uint256 i = 0; i < count; ++i) {
            (uint64 buyer, uint64 seller) = sameParties ? (alice, bob) : (_handles[2 * i], _handles[2 * i + 1]);
            list[i] = next(buyer, seller);
        }
        return abi.encodeCall(house.settleBatch, (list, signOpenings(_openings)));
    }

    function test_P217_trueProofsSettleAndAFalseOneStopsThem() public {
        Settlement memory s = next(alice, bob);
        s.sellerSide.proof.c = s.buyerSide.proof.c;
        refuseSettle(s, abi.encodeWithSelector(IClearingHouse.TransitionRejected.selector));
        (_now[alice], _now[bob]) = (commitmentOf(alice), commitmentOf(bob));
        s = next(alice, bob);
        house.checkSide(s.trade, false, s.buyerSide);
        house.checkSide(s.trade, true, s.sellerSide);
        settle(s);
        assertEq(commitmentOf(bob), s.sellerSide.newCommitment, "settled");
    }

    /// forge-config: default.isolate = true
    function test_P217_settlingATradeKeepsItsGasBar() public {
        delete _openings;
        Settlement memory s = next(alice, bob);
        uint256 gas = spent(abi.encodeCall(house.settle, (s, signOpenings(_openings))));
        // Two pairings in one and their multiplications: less would mean that forge did not isolate, or that something was not checked.
        if (gas < 350_000) revert Differ("gas of settle, not isolated", gas, 350_000);
        if (gas + PRICE_BOARD > SETTLE_BAR) revert Differ("gas of settle", gas, SETTLE_BAR);
    }

    /// Each between accounts of its own, which is the dearest: nothing was touched before.
    /// forge-config: default.isolate = true
    function test_P217_aFurtherTradeOfABatchKeepsItsGasBar() public {
        uint256 more = spent(batchOf(TRADES, false));
        for (uint256 i = 0; i < 2 * TRADES; ++i) {
            _now[_handles[i]] = commitmentOf(_handles[i]);
        }
        uint256 one = spent(batchOf(1, false));
        uint256 marginal = (more - one) / (TRADES - 1);
        if (marginal < 80_000) revert Differ("marginal gas, not isolated", marginal, 80_000);
        if (marginal > MARGINAL_BAR) revert Differ("marginal gas of a trade", marginal, MARGINAL_BAR);
    }
}
