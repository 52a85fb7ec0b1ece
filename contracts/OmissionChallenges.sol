// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {ICollateralVault} from "./interfaces/ICollateralVault.sol";
import {IDisputeSource} from "./interfaces/IDisputeSource.sol";
import {IGroth16VerifierAccountInclusion} from "./interfaces/IGroth16VerifierAccountInclusion.sol";
import {
    AccountOrder,
    BalanceReceipt,
    ChallengeStatus,
    InclusionClaim,
    IOmissionChallenges,
    OmissionChallenge
} from "./interfaces/IOmissionChallenges.sol";
import {CircuitKind, EpochRecord, ISolvencyRegistry} from "./interfaces/ISolvencyRegistry.sol";
import {WithdrawalRequest} from "./interfaces/VaultTypes.sol";
import {AccountInclusionSignals} from "./libraries/AccountInclusionSignals.sol";
import {AddressSignature} from "./libraries/AddressSignature.sol";
import {ScalarField} from "./libraries/ScalarField.sol";

/// @title Makes a venue answer for accounts it left out of an epoch, without showing anybody's balance
/// @dev Holds bonds and nothing else. No owner, no upgrade: windows, bond and vault are fixed for good.
contract OmissionChallenges is IOmissionChallenges, EIP712, ReentrancyGuardTransient {
    bytes32 private constant BALANCE_RECEIPT = keccak256(
        "BalanceReceipt(uint256 venueId,uint256 balance,bytes32 account,address signer,uint64 sequence,uint64 issuedAt,uint64 validUntil)"
    );
    bytes32 private constant ACCOUNT_ORDER =
        keccak256("AccountOrder(uint256 venueId,bytes32 account,uint64 sequence,uint64 orderedAt,bytes32 orderDigest)");

    /// @param namedAt 0: never. What is issued from it on counts, until `retiredAt`, which is 0 while the signer is in office
    struct Term {
        uint64 namedAt;
        uint64 retiredAt;
    }

    /// @param lost challenges that the venue did not cure; `since` when there has always been one
    struct Dispute {
        uint64 lost;
        uint64 since;
    }

    ISolvencyRegistry public immutable REGISTRY;
    ICollateralVault public immutable VAULT;
    uint64 public immutable CHALLENGE_WINDOW;
    uint64 public immutable ANSWER_WINDOW;
    uint256 public immutable BOND;

    mapping(uint256 venueId => mapping(address signer => Term)) private _terms;
    mapping(uint256 challengeId => OmissionChallenge) private _challenges;
    /// @dev Challenges that were not answered in time, or not yet: of a decided epoch it never changes.
    mapping(uint256 venueId => mapping(uint64 epoch => uint256)) private _unanswered;
    mapping(uint256 venueId => Dispute) private _disputes;

    /// @param vault whose requests answer; zero where all venues keep their reserves elsewhere
    /// @param bond wei: what an answer costs the venue, and more
    constructor(
        ISolvencyRegistry registry,
        ICollateralVault vault,
        uint64 challengeWindow,
        uint64 answerWindow,
        uint256 bond
    ) EIP712("Clearproof OmissionChallenges", "1") {
        if (address(registry).code.length == 0) revert NoCode("registry", address(registry));
        if (address(vault) != address(0) && address(vault).code.length == 0) revert NoCode("vault", address(vault));
        if (challengeWindow == 0) revert ZeroWindow("challengeWindow");
        if (answerWindow == 0) revert ZeroWindow("answerWindow");
        REGISTRY = registry;
        VAULT = vault;
        CHALLENGE_WINDOW = challengeWindow;
        ANSWER_WINDOW = answerWindow;
        BOND = bond;
    }

    /// @inheritdoc IOmissionChallenges
    function nameReceiptSigner(uint256 venueId, address signer) external {
        _requireAdmin(venueId);
        Term storage term = _terms[venueId][signer];
        if (term.namedAt != 0) revert SignerNamedBefore(venueId, signer);
        term.namedAt = uint64(block.timestamp);
        emit ReceiptSignerNamed(venueId, signer);
    }

    /// @inheritdoc IOmissionChallenges
    function retireReceiptSigner(uint256 venueId, address signer) external {
        _requireAdmin(venueId);
        uint64 now_ = uint64(block.timestamp);
        Term storage term = _terms[venueId][signer];
        if (term.namedAt == 0 || term.retiredAt != 0) revert NotReceiptSigner(venueId, signer, now_);
        term.retiredAt = now_;
        emit ReceiptSignerRetired(venueId, signer, now_);
    }

    /// @inheritdoc IOmissionChallenges
    function challenge(uint64 epoch, BalanceReceipt calldata receipt, address receiptSigner, bytes calldata signature)
        external
        payable
        returns (uint256 challengeId)
    {
        uint256 venueId = receipt.venueId;
        address disputes = address(REGISTRY.disputesOf(venueId));
        if (disputes != address(this)) revert NotDisputesOfVenue(venueId, disputes);
        // No proof could ever answer another number of an element.
        ScalarField.requireElement("balance", receipt.balance);
        if (msg.value != BOND) revert WrongChallengeBond(msg.value, BOND);
        _requirePromised(epoch, receipt);
        _requireSigned(receipt, receiptSigner, signature);
        challengeId = challengeIdOf(epoch, receipt);
        OmissionChallenge storage made = _challenges[challengeId];
        if (made.status != ChallengeStatus.NONE) revert ChallengeExists(challengeId);
        made.receipt = receipt;
        made.epoch = epoch;
        made.challengedAt = uint64(block.timestamp);
        made.status = ChallengeStatus.OPEN;
        made.challenger = msg.sender;
        ++_unanswered[venueId][epoch];
        uint64 answerBy = uint64(block.timestamp) + ANSWER_WINDOW;
        emit EpochChallenged(venueId, challengeId, epoch, msg.sender, receipt, answerBy);
    }

    /// @inheritdoc IOmissionChallenges
    function answerWithInclusion(uint256 challengeId, InclusionClaim calldata claim) external nonReentrant {
        (BalanceReceipt storage receipt, uint64 epoch) = _answerable(challengeId);
        _requireIncluded(receipt.venueId, epoch, receipt.balance, claim);
        _answered(challengeId, "inclusion");
    }

    /// @inheritdoc IOmissionChallenges
    function answerWithOrder(uint256 challengeId, AccountOrder calldata order, bytes calldata signature)
        external
        nonReentrant
    {
        (BalanceReceipt storage receipt, uint64 epoch) = _answerable(challengeId);
        _requireLater(receipt, epoch, order);
        bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(ACCOUNT_ORDER, order)));
        address signer = receipt.signer;
        if (!AddressSignature.isBy(signer, digest, signature)) revert OrderNotSignedBy(signer);
        _answered(challengeId, "order");
    }

    /// @inheritdoc IOmissionChallenges
    function answerWithRequest(uint256 challengeId, uint256 requestId) external nonReentrant {
        (BalanceReceipt storage receipt, uint64 epoch) = _answerable(challengeId);
        if (!_wasRequested(receipt, epoch, requestId)) revert RequestDoesNotAnswer(requestId);
        _answered(challengeId, "request");
    }

    /// @inheritdoc IOmissionChallenges
    function settle(uint256 challengeId) external nonReentrant {
        OmissionChallenge storage made = _challenges[challengeId];
        if (made.status != ChallengeStatus.OPEN) revert WrongChallengeStatus(challengeId, made.status);
        uint256 answerBy = _answerBy(made);
        if (block.timestamp < answerBy) revert AnswerStillDue(answerBy, block.timestamp);
        made.status = ChallengeStatus.LOST;
        uint256 venueId = made.receipt.venueId;
        Dispute storage dispute = _disputes[venueId];
        // From now, not from `answerBy`: the venue has its time to cure only since anybody could see it.
        if (dispute.lost++ == 0) dispute.since = uint64(block.timestamp);
        emit EpochDisputed(venueId, challengeId, made.epoch);
    }

    /// @inheritdoc IOmissionChallenges
    function reclaimBond(uint256 challengeId) external nonReentrant {
        OmissionChallenge storage made = _challenges[challengeId];
        bool lost = made.status == ChallengeStatus.LOST || made.status == ChallengeStatus.CURED;
        if (!lost || made.bondReclaimed) revert BondNotReclaimable(challengeId);
        made.bondReclaimed = true;
        address challenger = made.challenger;
        emit ChallengeBondReclaimed(challengeId, challenger, BOND);
        Address.sendValue(payable(challenger), BOND);
    }

    /// @inheritdoc IDisputeSource
    function settlementWindow() external view returns (uint256) {
        return uint256(CHALLENGE_WINDOW) + ANSWER_WINDOW;
    }

    /// @inheritdoc IDisputeSource
    function isContested(uint256 venueId, uint64 epoch) external view returns (bool) {
        return _unanswered[venueId][epoch] != 0;
    }

    /// @inheritdoc IDisputeSource
    function disputedSince(uint256 venueId) external view returns (uint64) {
        return _disputes[venueId].since;
    }

    /// @inheritdoc IOmissionChallenges
    function challengeAt(uint256 challengeId) external view returns (OmissionChallenge memory) {
        return _challenges[challengeId];
    }

    /// @inheritdoc IOmissionChallenges
    function challengeIdOf(uint64 epoch, BalanceReceipt calldata receipt) public view returns (uint256) {
        return uint256(keccak256(abi.encode(receipt.venueId, epoch, _digestOf(receipt))));
    }

    /// @inheritdoc IOmissionChallenges
    function isReceiptSigner(uint256 venueId, address signer, uint64 issuedAt) public view returns (bool) {
        Term memory term = _terms[venueId][signer];
        if (term.namedAt == 0 || issuedAt < term.namedAt) return false;
        return term.retiredAt == 0 || issuedAt < term.retiredAt;
    }

    function _digestOf(BalanceReceipt calldata receipt) private view returns (bytes32) {
        // Members of one word each, in the order of the type: the encoding is that of EIP-712. An order's too.
        return _hashTypedDataV4(keccak256(abi.encode(BALANCE_RECEIPT, receipt)));
    }

    function _requireAdmin(uint256 venueId) private view {
        if (msg.sender != REGISTRY.venue(venueId).admin) revert NotVenueAdmin(venueId, msg.sender);
    }

    /// @dev The epoch can be challenged still, and its snapshot lies in the time that the receipt promises.
    function _requirePromised(uint64 epoch, BalanceReceipt calldata receipt) private view {
        uint256 venueId = receipt.venueId;
        EpochRecord memory record = REGISTRY.epochAt(venueId, epoch);
        if (block.timestamp >= uint256(record.acceptedAt) + CHALLENGE_WINDOW) revert ChallengeTooLate(venueId, epoch);
        if (record.snapshotTime < receipt.issuedAt || record.snapshotTime > receipt.validUntil) {
            revert ReceiptNotOfSnapshot(record.snapshotTime, receipt.issuedAt, receipt.validUntil);
        }
    }

    function _requireSigned(BalanceReceipt calldata receipt, address signer, bytes calldata signature) private view {
        if (!isReceiptSigner(receipt.venueId, signer, receipt.issuedAt)) {
            revert NotReceiptSigner(receipt.venueId, signer, receipt.issuedAt);
        }
        if (!AddressSignature.isByKey(signer, _digestOf(receipt), signature)) revert ReceiptNotSigned(signer);
    }

    /// @dev Who answers is the operator, and it is time to. A cure speaks of the venue's latest epoch: that it is right there, or why it
    /// need not be, is what makes good.
    /// @return receipt of the challenge
    /// @return epoch that the answer has to hold for
    function _answerable(uint256 challengeId) private view returns (BalanceReceipt storage receipt, uint64 epoch) {
        OmissionChallenge storage made = _challenges[challengeId];
        receipt = made.receipt;
        ChallengeStatus status = made.status;
        if (status != ChallengeStatus.OPEN && status != ChallengeStatus.LOST) {
            revert WrongChallengeStatus(challengeId, status);
        }
        uint256 venueId = receipt.venueId;
        if (msg.sender != REGISTRY.venue(venueId).operator) revert NotOperator(venueId, msg.sender);
        if (status == ChallengeStatus.LOST) return (receipt, REGISTRY.latestEpoch(venueId));
        uint256 answerBy = _answerBy(made);
        if (block.timestamp >= answerBy) revert AnswerTooLate(answerBy, block.timestamp);
        epoch = made.epoch;
    }

    function _answerBy(OmissionChallenge storage made) private view returns (uint256) {
        return uint256(made.challengedAt) + ANSWER_WINDOW;
    }

    function _requireIncluded(uint256 venueId, uint64 epoch, uint256 balance, InclusionClaim calldata claim)
        private
        view
    {
        // A circuit in force: no circuit of this kind is retired before another can answer in its place.
        address verifier = REGISTRY.verifierOf(claim.circuitId, CircuitKind.ACCOUNT_INCLUSION);
        uint256[3] memory signals = AccountInclusionSignals.ordered(
            AccountInclusionSignals.Named({
                domain: REGISTRY.domainOf(venueId, claim.circuitId),
                accountsRoot: REGISTRY.epochAt(venueId, epoch).accountsRoot,
                balance: balance
            })
        );
        bool holds = IGroth16VerifierAccountInclusion(verifier)
            .verifyProof(claim.proof.a, claim.proof.b, claim.proof.c, signals);
        if (!holds) revert InclusionProofRejected();
    }

    function _requireLater(BalanceReceipt storage receipt, uint64 epoch, AccountOrder calldata order) private view {
        uint256 venueId = receipt.venueId;
        if (order.venueId != venueId) revert OrderOfAnotherVenue(order.venueId, venueId);
        if (order.account != receipt.account) revert OrderOfAnotherAccount(order.account, receipt.account);
        if (order.sequence <= receipt.sequence) revert OrderNotLater(order.sequence, receipt.sequence);
        uint64 snapshotTime = REGISTRY.epochAt(venueId, epoch).snapshotTime;
        if (order.orderedAt < receipt.issuedAt || order.orderedAt > snapshotTime) {
            revert OrderOutsideTime(order.orderedAt, receipt.issuedAt, snapshotTime);
        }
    }

    /// @dev After the receipt by time, before the snapshot by the vault's own count of checkpoints: within one block too.
    function _wasRequested(BalanceReceipt storage receipt, uint64 epoch, uint256 requestId)
        private
        view
        returns (bool)
    {
        uint256 venueId = receipt.venueId;
        if (address(VAULT) == address(0)) return false;
        WithdrawalRequest memory request = VAULT.requestAt(requestId);
        // The vault has requests of venues only whose reserves it holds. An account without a signing key requested none.
        if (request.venueId != venueId || request.signer == address(0) || request.signer != receipt.signer) {
            return false;
        }
        uint64 counted = VAULT.termsOf(venueId, epoch).checkpoint;
        if (request.madeAt < receipt.issuedAt || request.checkpoint >= counted) return false;
        return request.cancelCheckpoint == 0 || request.cancelCheckpoint >= counted;
    }

    /// @dev In time, the bond is the caller's and the epoch free of this challenge; cured, the venue is, and the epoch never.
    function _answered(uint256 challengeId, bytes32 how) private {
        OmissionChallenge storage made = _challenges[challengeId];
        uint256 venueId = made.receipt.venueId;
        if (made.status == ChallengeStatus.LOST) {
            made.status = ChallengeStatus.CURED;
            Dispute storage dispute = _disputes[venueId];
            if (--dispute.lost == 0) dispute.since = 0;
            emit ChallengeCured(venueId, challengeId, how);
            return;
        }
        made.status = ChallengeStatus.ANSWERED;
        --_unanswered[venueId][made.epoch];
        emit ChallengeAnswered(venueId, challengeId, how);
        Address.sendValue(payable(msg.sender), BOND);
    }
}
