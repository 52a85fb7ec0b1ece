// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {
    AccountFrame,
    AccountTerms,
    ExitClaim,
    IAccountProofs,
    MarkClaim,
    SignerClaim
} from "./interfaces/IAccountProofs.sol";
import {IGroth16VerifierAccountExit} from "./interfaces/IGroth16VerifierAccountExit.sol";
import {IGroth16VerifierAccountMargin} from "./interfaces/IGroth16VerifierAccountMargin.sol";
import {IGroth16VerifierAccountSigner} from "./interfaces/IGroth16VerifierAccountSigner.sol";
import {IGroth16VerifierRowMark} from "./interfaces/IGroth16VerifierRowMark.sol";
import {MarginLevel, Market} from "./interfaces/IMarketSource.sol";
import {IPoseidon5} from "./interfaces/IPoseidon5.sol";
import {GateMode, ISolvencyGate, MarginClaim} from "./interfaces/ISolvencyGate.sol";
import {Circuit, CircuitKind, ISolvencyRegistry} from "./interfaces/ISolvencyRegistry.sol";
import {AccountExitSignals} from "./libraries/AccountExitSignals.sol";
import {AccountMarginSignals} from "./libraries/AccountMarginSignals.sol";
import {AccountSignerSignals} from "./libraries/AccountSignerSignals.sol";
import {AccountTermsWord} from "./libraries/AccountTermsWord.sol";
import {RowMarkSignals} from "./libraries/RowMarkSignals.sol";
import {ScalarField} from "./libraries/ScalarField.sol";

/// @title Checks proofs about single accounts, and says what a venue's latest epoch allows
/// @dev Holds nothing but frames: no role, no upgrade, no nullifier. What a proof is used for once, its consumer remembers.
contract SolvencyGate is IAccountProofs {
    /// @dev Tag of a frame over an accounts root, docs/statement.md section 1: source 0 adds nothing to it.
    uint256 private constant TAG_FRAME = 24;
    /// @dev Both epochs of a signer proof share a signal.
    uint256 private constant EPOCH_BITS = 32;
    uint256 private constant MARK_BITS = 47;
    /// @dev SHA-256 without its last byte: a field element whatever the text.
    uint256 private constant DIGEST_SHIFT = 8;
    /// @dev The text's bytes, of which there are 16.
    bytes32 private constant SCOPE_NAME = "clearproof.scope";

    /// @dev A frame as recorded, two slots. `kind` because exit and margin proofs have equally many signals. No verifier: the registry
    /// may retire it.
    struct StoredFrame {
        uint256 value;
        uint64 marketTime;
        MarginLevel level;
        CircuitKind kind;
    }

    ISolvencyRegistry public immutable REGISTRY;
    IPoseidon5 private immutable _poseidon5;

    /// @dev By chain id too: after a fork the other chain, whose domains differ, finds nothing here.
    mapping(bytes32 key => StoredFrame) private _frames;

    constructor(ISolvencyRegistry registry) {
        if (address(registry).code.length == 0) revert ISolvencyRegistry.NoCode("registry", address(registry));
        REGISTRY = registry;
        _poseidon5 = registry.POSEIDON5();
    }

    /// @inheritdoc ISolvencyGate
    function mode(uint256 venueId) external view returns (GateMode) {
        uint256 before = gasleft();
        try REGISTRY.mode(venueId) returns (GateMode answer) {
            return answer;
        } catch {
            // The venue's reserve source reverts. Not so where gas ran out, which the caller chooses: each call level keeps 1/64,
            // so a source three levels down leaves less than this.
            if (gasleft() < before / 16) revert OutOfGas();
            return GateMode.HALT;
        }
    }

    /// @inheritdoc IAccountProofs
    function recordFrame(uint256 venueId, uint256 circuitId, uint64 epoch, uint256 marketCommitment)
        external
        returns (uint256)
    {
        bytes32 key = _key(venueId, circuitId, epoch, marketCommitment);
        StoredFrame memory frame = _frames[key];
        if (frame.kind == CircuitKind.NONE) {
            frame = _computeFrame(venueId, circuitId, epoch, marketCommitment);
            _frames[key] = frame;
            emit FrameRecorded(venueId, epoch, marketCommitment, circuitId, frame.value);
        }
        return frame.value;
    }

    /// @inheritdoc IAccountProofs
    function frameOf(uint256 venueId, uint256 circuitId, uint64 epoch, uint256 marketCommitment)
        external
        view
        returns (AccountFrame memory)
    {
        StoredFrame memory frame = _frame(venueId, circuitId, epoch, marketCommitment);
        address verifier = REGISTRY.verifierOf(circuitId, frame.kind);
        return AccountFrame(frame.value, verifier, frame.marketTime, frame.level);
    }

    /// @inheritdoc ISolvencyGate
    function requireMargin(
        uint256 venueId,
        MarginClaim calldata claim,
        MarginLevel level,
        uint256 maxTableAge,
        bytes32 action
    ) external view returns (uint256 account) {
        uint64 latest = REGISTRY.latestEpoch(venueId);
        if (claim.epoch != latest) revert NotLatestEpoch(venueId, claim.epoch, latest);
        AccountTerms memory terms;
        terms.healthy = true;
        terms.payload = scopeOf(msg.sender);
        terms.context = contextOf(msg.sender, action);
        (StoredFrame memory frame,) = _checkMargin(venueId, claim, AccountTermsWord.pack(terms));
        if (frame.level != level) revert WrongMarginLevel(frame.level, level);
        // Sources accept no table from the future; one that did would not pass here either, by underflow.
        uint256 age = block.timestamp - frame.marketTime;
        if (age > maxTableAge) revert TableTooOld(age, maxTableAge);
        return claim.nullifier;
    }

    /// @inheritdoc IAccountProofs
    function checkMargin(uint256 venueId, MarginClaim calldata claim, AccountTerms calldata terms)
        external
        view
        returns (AccountFrame memory)
    {
        (StoredFrame memory frame, address verifier) = _checkMargin(venueId, claim, AccountTermsWord.pack(terms));
        return AccountFrame(frame.value, verifier, frame.marketTime, frame.level);
    }

    /// @inheritdoc IAccountProofs
    function checkExit(uint256 venueId, uint64 epoch, ExitClaim calldata claim) external view {
        ScalarField.requireElement("equity", claim.equity);
        ScalarField.requireElement("nullifier", claim.nullifier);
        uint256 marketCommitment = REGISTRY.epochAt(venueId, epoch).marketCommitment;
        StoredFrame memory frame = _frame(venueId, claim.circuitId, epoch, marketCommitment);
        address verifier = REGISTRY.verifierOf(claim.circuitId, CircuitKind.ACCOUNT_EXIT);
        uint256[4] memory signals = AccountExitSignals.ordered(
            AccountExitSignals.Named(frame.value, claim.equity, uint160(claim.recipient), claim.nullifier)
        );
        bool holds =
            IGroth16VerifierAccountExit(verifier).verifyProof(claim.proof.a, claim.proof.b, claim.proof.c, signals);
        if (!holds) revert ExitProofRejected();
    }

    /// @inheritdoc IAccountProofs
    function checkSigner(uint256 venueId, SignerClaim calldata claim) external view {
        ScalarField.requireElement("nullifier", claim.nullifier);
        ScalarField.requireElement("laterNullifier", claim.laterNullifier);
        address verifier = REGISTRY.verifierOf(claim.circuitId, CircuitKind.ACCOUNT_SIGNER);
        uint256[5] memory signals = AccountSignerSignals.ordered(
            AccountSignerSignals.Named({
                domain: REGISTRY.domainOf(venueId, claim.circuitId),
                epochs: _epochWord(claim.epoch) | _epochWord(claim.laterEpoch) << EPOCH_BITS,
                nullifier: claim.nullifier,
                laterNullifier: claim.laterNullifier,
                signer: _digestOf(claim.signer)
            })
        );
        bool holds =
            IGroth16VerifierAccountSigner(verifier).verifyProof(claim.proof.a, claim.proof.b, claim.proof.c, signals);
        if (!holds) revert SignerProofRejected();
    }

    /// @inheritdoc IAccountProofs
    function checkMark(uint256 venueId, uint256 marketCommitment, MarkClaim calldata claim) external view {
        if (claim.mark >> MARK_BITS != 0) revert MarkOutOfRange(claim.mark);
        address verifier = REGISTRY.verifierOf(claim.circuitId, CircuitKind.ROW_MARK);
        _requireTable(venueId, marketCommitment);
        uint256 domain = REGISTRY.domainOf(venueId, claim.circuitId);
        uint256[4] memory signals =
            RowMarkSignals.ordered(RowMarkSignals.Named(domain, marketCommitment, claim.row, claim.mark));
        bool holds = IGroth16VerifierRowMark(verifier).verifyProof(claim.proof.a, claim.proof.b, claim.proof.c, signals);
        if (!holds) revert MarkProofRejected();
    }

    /// @inheritdoc IAccountProofs
    function scopeOf(address consumer) public pure returns (uint80) {
        // As abi.encode of the text and the address, without a copy of the text.
        uint80 scope = uint80(uint256(keccak256(abi.encode(uint256(64), consumer, uint256(16), SCOPE_NAME))));
        // Scope 0 is the vault's.
        return scope == 0 ? 1 : scope;
    }

    /// @inheritdoc IAccountProofs
    function contextOf(address consumer, bytes32 action) public pure returns (uint128) {
        return uint128(uint256(keccak256(abi.encode(consumer, action))));
    }

    function _checkMargin(uint256 venueId, MarginClaim calldata claim, uint256 terms)
        private
        view
        returns (StoredFrame memory frame, address verifier)
    {
        // Consumers use nullifiers as keys: two numbers that are one element would be two keys of one account.
        ScalarField.requireElement("nullifier", claim.nullifier);
        ScalarField.requireElement("nullifierNext", claim.nullifierNext);
        frame = _frame(venueId, claim.circuitId, claim.epoch, claim.marketCommitment);
        verifier = REGISTRY.verifierOf(claim.circuitId, CircuitKind.ACCOUNT_MARGIN);
        uint256[4] memory signals = AccountMarginSignals.ordered(
            AccountMarginSignals.Named(frame.value, terms, claim.nullifier, claim.nullifierNext)
        );
        bool holds =
            IGroth16VerifierAccountMargin(verifier).verifyProof(claim.proof.a, claim.proof.b, claim.proof.c, signals);
        if (!holds) revert MarginProofRejected();
    }

    function _frame(uint256 venueId, uint256 circuitId, uint64 epoch, uint256 marketCommitment)
        private
        view
        returns (StoredFrame memory frame)
    {
        frame = _frames[_key(venueId, circuitId, epoch, marketCommitment)];
        // Tables and epochs once accepted stay so, and circuits keep their kind: what was recorded needs no second look.
        if (frame.kind == CircuitKind.NONE) frame = _computeFrame(venueId, circuitId, epoch, marketCommitment);
    }

    function _computeFrame(uint256 venueId, uint256 circuitId, uint64 epoch, uint256 marketCommitment)
        private
        view
        returns (StoredFrame memory frame)
    {
        Circuit memory known = REGISTRY.circuit(circuitId);
        if (known.kind != CircuitKind.ACCOUNT_MARGIN && known.kind != CircuitKind.ACCOUNT_EXIT) {
            revert NotAnAccountCircuit(circuitId);
        }
        Market memory table = _requireTable(venueId, marketCommitment);
        uint256 accountsRoot = REGISTRY.epochAt(venueId, epoch).accountsRoot;
        uint256 domain = REGISTRY.domainOf(venueId, circuitId);
        frame.value = _poseidon5.poseidon([TAG_FRAME, domain, epoch, accountsRoot, marketCommitment]);
        frame.marketTime = table.snapshotTime;
        frame.level = table.level;
        frame.kind = known.kind;
    }

    function _requireTable(uint256 venueId, uint256 marketCommitment) private view returns (Market memory table) {
        // What a source answers for other numbers of the same element is its own affair.
        ScalarField.requireElement("marketCommitment", marketCommitment);
        table = REGISTRY.venue(venueId).markets.market(venueId, marketCommitment);
        if (table.level == MarginLevel.NONE) revert UnknownTable(venueId, marketCommitment);
    }

    function _key(uint256 venueId, uint256 circuitId, uint64 epoch, uint256 marketCommitment)
        private
        view
        returns (bytes32)
    {
        return keccak256(abi.encode(block.chainid, venueId, circuitId, epoch, marketCommitment));
    }

    /// @dev An epoch of more bits would run into the other.
    function _epochWord(uint64 epoch) private pure returns (uint256) {
        if (epoch >> EPOCH_BITS != 0) revert EpochOutOfRange(epoch);
        return epoch;
    }

    /// @dev As src/commitment/digest.ts: first 31 bytes of SHA-256, big-endian, over the text as wallets show it.
    function _digestOf(address signer) private pure returns (uint256) {
        return uint256(sha256(bytes(Strings.toChecksumHexString(signer)))) >> DIGEST_SHIFT;
    }
}
