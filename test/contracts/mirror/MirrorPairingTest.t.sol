// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {MarginLevel} from "../../../contracts/interfaces/IMarketSource.sol";
import {ISolvencyGate, MarginClaim} from "../../../contracts/interfaces/ISolvencyGate.sol";
import {MirrorCircuit, MirrorRules} from "../../../contracts/interfaces/ISolvencyMirror.sol";
import {ProofBatch} from "../../../contracts/ProofBatch.sol";
import {SolvencyMirror} from "../../../contracts/SolvencyMirror.sol";
import {MirrorFixture} from "./MirrorFixture.sol";

/// @dev Margin claims behind a mirror with real pairings, under a pinned key that anybody may have brought.
contract MirrorPairingTest is MirrorFixture {
    string private constant FILE = "build/test/groth16-fixture.json";
    /// Above home's bar by what one proof as a combination costs more.
    uint256 private constant GAS_BAR = 300_000;

    uint256[] private _proof;
    uint256[] private _simulation;

    function setUp() public override {
        super.setUp();
        string memory json = vm.readFile(FILE);
        _proof = vm.parseJsonUintArray(json, ".TrapdoorVerifier4.proof");
        _simulation = vm.parseJsonUintArray(json, ".TrapdoorVerifier4.simulation");
        ProofBatch batch = new ProofBatch();
        vm.prank(STRANGER);
        bytes32 key = batch.addKey(vm.parseJsonUintArray(json, ".TrapdoorVerifier4.key"));
        vm.chainId(AWAY);
        mirror = mirrorUnder(batch, key);
        vm.chainId(HOME);
        deliver(makeEpoch());
        deliver(beacon.makeTable(VENUE, INITIAL_TABLE));
        vm.chainId(AWAY);
        mirror.recordFrame(VENUE, MARGIN, 1, INITIAL_TABLE);
    }

    function mirrorUnder(ProofBatch batch, bytes32 key) private returns (SolvencyMirror) {
        MirrorCircuit[] memory circuits_ = pinned();
        for (uint256 i = 0; i < circuits_.length; ++i) {
            if (circuits_[i].circuitId == MARGIN) circuits_[i].verificationKeyHash = key;
        }
        return new SolvencyMirror(
            MIRROR_ADMIN,
            HOME,
            address(registry),
            address(beacon),
            poseidon3,
            poseidon5,
            batch,
            circuits_,
            MirrorRules(STANDING_STALE, STANDING_HALT, 0),
            setOf(2, 2),
            GATEWAY_DELAY
        );
    }

    /// @dev A and B as in the file; C takes up whatever the signals are.
    function proven() private view returns (MarginClaim memory claim) {
        claim = mirrorClaim(CONSUMER, ACTION, 1, INITIAL_TABLE);
        claim.nullifier = uint256(keccak256("nullifier")) % P;
        claim.nullifierNext = uint256(keccak256("nullifier next")) % P;
        uint256[4] memory signals = [
            homeFrame(MARGIN, 1, ROOT, INITIAL_TABLE),
            mirrorWord(AWAY, address(mirror), CONSUMER, ACTION),
            claim.nullifier,
            claim.nullifierNext
        ];
        uint256 scalar = _simulation[0];
        for (uint256 i = 0; i < 4; ++i) {
            scalar = addmod(scalar, P - mulmod(signals[i], _simulation[2 + i], P), P);
        }
        uint256[] memory words = _proof;
        (words[6], words[7]) = multiply(mulmod(scalar, _simulation[1], P));
        claim.proof.a = [words[0], words[1]];
        claim.proof.b = [[words[2], words[3]], [words[4], words[5]]];
        claim.proof.c = [words[6], words[7]];
    }

    function multiply(uint256 scalar) private view returns (uint256 x, uint256 y) {
        (bool ok, bytes memory point) = address(7).staticcall(abi.encode(uint256(1), uint256(2), scalar));
        assertTrue(ok, "ecMul");
        return abi.decode(point, (uint256, uint256));
    }

    function holds(MarginClaim memory claim) private returns (bool ok) {
        bytes memory data = abi.encodeCall(mirror.requireMargin, (VENUE, claim, MarginLevel.INITIAL, TABLE_AGE, ACTION));
        bytes memory answer;
        vm.prank(CONSUMER);
        (ok, answer) = address(mirror).call{gas: 800_000}(data);
        if (!ok) {
            assertEq(
                bytes32(bytes4(answer)), bytes32(ISolvencyGate.MarginProofRejected.selector), "refused for the proof"
            );
        }
    }

    function testATrueProofHolds() public {
        assertTrue(holds(proven()), "holds");
    }

    /// forge-config: default.fuzz.runs = 200
    function testFuzz_anyChangedProofWordIsRefused(uint8 index, uint256 value) public {
        MarginClaim memory claim = proven();
        index %= 8;
        if (index < 2) (claim.proof.a[index], value) = (value, claim.proof.a[index]);
        else if (index < 6) (claim.proof.b[(index - 2) / 2][index % 2], value) = (value, claim.proof.b[(index - 2) / 2][index % 2]);
        else (claim.proof.c[index - 6], value) = (value, claim.proof.c[index - 6]);
        uint256 now_ = index < 2
            ? claim.proof.a[index]
            : index < 6 ? claim.proof.b[(index - 2) / 2][index % 2] : claim.proof.c[index - 6];
        vm.assume(now_ != value);
        assertFalse(holds(claim), "another word");
    }

    /// forge-config: default.fuzz.runs = 200
    function testFuzz_aProofOfOtherSignalsIsRefused(uint256 nullifier) public {
        MarginClaim memory claim = proven();
        vm.assume(nullifier % P != claim.nullifier);
        claim.nullifier = nullifier % P;
        assertFalse(holds(claim), "another nullifier");
    }

    /// forge makes a call of an isolated test a transaction of its own.
    /// forge-config: default.isolate = true
    function testRequireMarginKeepsItsGasBar() public {
        MarginClaim memory claim = proven();
        bytes memory data = abi.encodeCall(mirror.requireMargin, (VENUE, claim, MarginLevel.INITIAL, TABLE_AGE, ACTION));
        vm.prank(CONSUMER);
        (bool ok,) = address(mirror).call(data);
        uint256 spent = vm.lastCallGas().gasTotalUsed;
        assertTrue(ok, "accepted");
        if (spent < 250_000) revert Differ("gas of requireMargin, not isolated", spent, 250_000);
        if (spent > GAS_BAR) revert Differ("gas of requireMargin", spent, GAS_BAR);
    }
}
