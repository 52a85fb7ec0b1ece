// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ExitClaim, IAccountProofs, MarkClaim, SignerClaim} from "../../../contracts/interfaces/IAccountProofs.sol";
import {MarginLevel} from "../../../contracts/interfaces/IMarketSource.sol";
import {ISolvencyGate} from "../../../contracts/interfaces/ISolvencyGate.sol";
import {CircuitKind, EpochSubmission, ISolvencyRegistry} from "../../../contracts/interfaces/ISolvencyRegistry.sol";
import {ScalarField} from "../../../contracts/libraries/ScalarField.sol";
import {GateFixture} from "./GateFixture.sol";

/// @dev checkExit, checkSigner and checkMark, and every way to bend their claims.
contract GateClaimsTest is GateFixture {
    /// Two addresses of EIP-55's own examples, and digestOf of their texts by src/commitment/digest.ts.
    address private constant UPPER = 0x52908400098527886E0F7030069857D2E4169EE7;
    uint256 private constant UPPER_DIGEST = 76393348013839254675131740659416007167820154460303254177936496063985984284;
    address private constant MIXED = 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed;
    uint256 private constant MIXED_DIGEST = 396483714325045351182423629240971567686186214748038265748027833316456642853;

    function refuseExit(uint64 epoch, ExitClaim memory claim, bytes memory reason) private {
        vm.expectRevert(reason);
        gate.checkExit(VENUE, epoch, claim);
    }

    function refuseSigner(SignerClaim memory claim, bytes memory reason) private {
        vm.expectRevert(reason);
        gate.checkSigner(VENUE, claim);
    }

    function refuseMark(uint256 table, MarkClaim memory claim, bytes memory reason) private {
        vm.expectRevert(reason);
        gate.checkMark(VENUE, table, claim);
    }

    function wrongKind(uint256 circuitId, CircuitKind got, CircuitKind wanted) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ISolvencyRegistry.WrongCircuit.selector, circuitId, got, wanted);
    }

    function notAnElement(bytes32 name, uint256 value) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ScalarField.NotAFieldElement.selector, name, value);
    }

    // ---- exit ----

    function test_anHonestExitHoldsInItsEpochUnderItsOwnTable() public {
        gate.checkExit(VENUE, 1, honestExit());
        gate.recordFrame(VENUE, EXIT, 1, MARKET);
        gate.checkExit(VENUE, 1, honestExit());
        nextEpoch();
        gate.checkExit(VENUE, 1, honestExit());
    }

    function test_K1_everyChangedSignalOfAnExitIsRefused() public {
        bytes memory rejected = abi.encodeWithSelector(IAccountProofs.ExitProofRejected.selector);
        ExitClaim memory claim = honestExit();
        claim.equity += 1;
        refuseExit(1, claim, rejected);
        claim = honestExit();
        claim.recipient = OPERATOR;
        refuseExit(1, claim, rejected);
        claim = honestExit();
        claim.nullifier += 1;
        refuseExit(1, claim, rejected);
        claim = honestExit();
        claim.proof.a[0] ^= 1;
        refuseExit(1, claim, rejected);
        nextEpoch();
        refuseExit(2, honestExit(), rejected);
    }

    /// Equity under a newer table of the venue's choosing would be another claim on the vault.
    function test_anExitIsValuedByTheTableOfItsEpochAlone() public {
        stateTable(7777, MarginLevel.MAINTENANCE);
        ExitClaim memory claim = honestExit();
        uint256[2] memory others = [uint256(7777), INITIAL_TABLE];
        for (uint256 i = 0; i < 2; ++i) {
            gate.recordFrame(VENUE, EXIT, 1, others[i]);
            uint256 frame = frameHere(EXIT, 1, others[i]);
            claim.proof.a[0] =
                uint256(keccak256(abi.encode(frame, claim.equity, uint160(claim.recipient), claim.nullifier)));
            refuseExit(1, claim, abi.encodeWithSelector(IAccountProofs.ExitProofRejected.selector));
        }
        EpochSubmission memory s = draft(2);
        s.marketCommitment = 7777;
        open();
        submit(seal(s, block.chainid, address(registry), VENUE));
        uint256 own = frameHere(EXIT, 2, 7777);
        claim.proof.a[0] = uint256(keccak256(abi.encode(own, claim.equity, uint160(claim.recipient), claim.nullifier)));
        gate.checkExit(VENUE, 2, claim);
    }

    function test_K2_exitValuesBeyondTheFieldAreRefused() public {
        ExitClaim memory claim = honestExit();
        claim.equity += P;
        refuseExit(1, claim, notAnElement("equity", P + 12_345));
        claim = honestExit();
        claim.nullifier += P;
        refuseExit(1, claim, notAnElement("nullifier", P + NULLIFIER));
    }

    function test_anExitNeedsAnAcceptedEpochAndAnExitCircuit() public {
        refuseExit(2, honestExit(), abi.encodeWithSelector(ISolvencyRegistry.UnknownEpoch.selector, VENUE, 2));
        refuseExit(0, honestExit(), abi.encodeWithSelector(ISolvencyRegistry.UnknownEpoch.selector, VENUE, 0));
        ExitClaim memory claim = honestExit();
        claim.circuitId = MARGIN;
        uint256 frame = frameHere(MARGIN, 1, MARKET);
        claim.proof.a[0] =
            uint256(keccak256(abi.encode(frame, claim.equity, uint160(claim.recipient), claim.nullifier)));
        refuseExit(1, claim, wrongKind(MARGIN, CircuitKind.ACCOUNT_MARGIN, CircuitKind.ACCOUNT_EXIT));
        gate.recordFrame(VENUE, MARGIN, 1, MARKET);
        refuseExit(1, claim, wrongKind(MARGIN, CircuitKind.ACCOUNT_MARGIN, CircuitKind.ACCOUNT_EXIT));
        claim.circuitId = MARK;
        refuseExit(1, claim, abi.encodeWithSelector(IAccountProofs.NotAnAccountCircuit.selector, MARK));
    }

    function test_K3_anExitOfAnotherChainIsRefused() public {
        gate.recordFrame(VENUE, EXIT, 1, MARKET);
        ExitClaim memory claim = honestExit();
        vm.chainId(block.chainid + 1);
        refuseExit(1, claim, abi.encodeWithSelector(IAccountProofs.ExitProofRejected.selector));
    }

    // ---- signer ----

    function test_aSignersDigestIsThatOfItsAddressAsWalletsShowIt() public {
        gate.checkSigner(VENUE, honestSigner(UPPER, UPPER_DIGEST));
        gate.checkSigner(VENUE, honestSigner(MIXED, MIXED_DIGEST));
        bytes memory rejected = abi.encodeWithSelector(IAccountProofs.SignerProofRejected.selector);
        refuseSigner(honestSigner(UPPER, MIXED_DIGEST), rejected);
        // Neither the lower case text nor the 20 bytes.
        refuseSigner(honestSigner(MIXED, digest("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed")), rejected);
        refuseSigner(honestSigner(MIXED, digest(abi.encodePacked(MIXED))), rejected);
    }

    function digest(bytes memory text) private pure returns (uint256) {
        return uint256(sha256(text)) >> 8;
    }

    function test_K1_everyChangedSignalOfASignerIsRefused() public {
        bytes memory rejected = abi.encodeWithSelector(IAccountProofs.SignerProofRejected.selector);
        SignerClaim memory claim = honestSigner(UPPER, UPPER_DIGEST);
        claim.epoch = 2;
        refuseSigner(claim, rejected);
        claim = honestSigner(UPPER, UPPER_DIGEST);
        claim.laterEpoch = 8;
        refuseSigner(claim, rejected);
        claim = honestSigner(UPPER, UPPER_DIGEST);
        claim.nullifier += 1;
        refuseSigner(claim, rejected);
        claim = honestSigner(UPPER, UPPER_DIGEST);
        claim.laterNullifier += 1;
        refuseSigner(claim, rejected);
        claim = honestSigner(UPPER, UPPER_DIGEST);
        claim.signer = MIXED;
        refuseSigner(claim, rejected);
        claim = honestSigner(UPPER, UPPER_DIGEST);
        (claim.nullifier, claim.laterNullifier) = (claim.laterNullifier, claim.nullifier);
        refuseSigner(claim, rejected);
        claim = honestSigner(UPPER, UPPER_DIGEST);
        claim.proof.a[0] ^= 1;
        refuseSigner(claim, rejected);
        vm.chainId(block.chainid + 1);
        refuseSigner(honestSignerOfBefore(), rejected);
    }

    function honestSignerOfBefore() private returns (SignerClaim memory claim) {
        vm.chainId(block.chainid - 1);
        claim = honestSigner(UPPER, UPPER_DIGEST);
        vm.chainId(block.chainid + 1);
    }

    /// Both share a signal: (1 + 9 * 2^32, 0) would otherwise be (1, 9).
    function test_epochsOfMoreThan32BitsAreRefused() public {
        SignerClaim memory claim = honestSigner(UPPER, UPPER_DIGEST);
        (claim.epoch, claim.laterEpoch) = (1 + 9 * 2 ** 32, 0);
        refuseSigner(claim, abi.encodeWithSelector(IAccountProofs.EpochOutOfRange.selector, 1 + 9 * 2 ** 32));
        (claim.epoch, claim.laterEpoch) = (1, 9 + 2 ** 32);
        refuseSigner(claim, abi.encodeWithSelector(IAccountProofs.EpochOutOfRange.selector, 9 + 2 ** 32));
    }

    function test_K2_signerNullifiersBeyondTheFieldAreRefused() public {
        SignerClaim memory claim = honestSigner(UPPER, UPPER_DIGEST);
        claim.nullifier += P;
        refuseSigner(claim, notAnElement("nullifier", P + NULLIFIER));
        claim = honestSigner(UPPER, UPPER_DIGEST);
        claim.laterNullifier += P;
        refuseSigner(claim, notAnElement("laterNullifier", P + NEXT));
    }

    function test_aSignerNeedsASignerCircuitOfAKnownVenue() public {
        SignerClaim memory claim = honestSigner(UPPER, UPPER_DIGEST);
        vm.expectRevert(abi.encodeWithSelector(ISolvencyRegistry.UnknownVenue.selector, 12345));
        gate.checkSigner(12345, claim);
        claim.circuitId = MARGIN;
        refuseSigner(claim, wrongKind(MARGIN, CircuitKind.ACCOUNT_MARGIN, CircuitKind.ACCOUNT_SIGNER));
        claim.circuitId = 999;
        refuseSigner(claim, wrongKind(999, CircuitKind.NONE, CircuitKind.ACCOUNT_SIGNER));
    }

    // ---- mark ----

    function test_K1_aMarkIsOfItsRowAndTable() public {
        bytes memory rejected = abi.encodeWithSelector(IAccountProofs.MarkProofRejected.selector);
        gate.checkMark(VENUE, MARKET, honestMark());
        MarkClaim memory claim = honestMark();
        claim.row = 4;
        refuseMark(MARKET, claim, rejected);
        claim = honestMark();
        claim.mark -= 1;
        refuseMark(MARKET, claim, rejected);
        claim = honestMark();
        claim.proof.a[0] ^= 1;
        refuseMark(MARKET, claim, rejected);
        refuseMark(INITIAL_TABLE, honestMark(), rejected);
        claim = honestMark();
        vm.chainId(block.chainid + 1);
        refuseMark(MARKET, claim, rejected);
    }

    function test_aMarkOf47BitsOrMoreIsRefused() public {
        MarkClaim memory claim = honestMark();
        claim.mark = 2 ** 47;
        claim.proof.a[0] = uint256(keccak256(abi.encode(domainHere(MARK), MARKET, uint256(3), uint256(2 ** 47))));
        refuseMark(MARKET, claim, abi.encodeWithSelector(IAccountProofs.MarkOutOfRange.selector, 2 ** 47));
    }

    function test_aMarkNeedsAnAcceptedTableAndAMarkCircuit() public {
        MarkClaim memory claim = honestMark();
        claim.proof.a[0] =
            uint256(keccak256(abi.encode(domainHere(MARK), uint256(9999), uint256(3), uint256(claim.mark))));
        refuseMark(9999, claim, abi.encodeWithSelector(ISolvencyGate.UnknownTable.selector, VENUE, 9999));
        refuseMark(P + MARKET, honestMark(), notAnElement("marketCommitment", P + MARKET));
        vm.expectRevert(abi.encodeWithSelector(ISolvencyRegistry.UnknownVenue.selector, 12345));
        gate.checkMark(12345, MARKET, claim);
        claim = honestMark();
        claim.circuitId = EXIT;
        refuseMark(MARKET, claim, wrongKind(EXIT, CircuitKind.ACCOUNT_EXIT, CircuitKind.ROW_MARK));
        claim.circuitId = 999;
        refuseMark(MARKET, claim, wrongKind(999, CircuitKind.NONE, CircuitKind.ROW_MARK));
    }
}
