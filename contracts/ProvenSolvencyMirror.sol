// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {InboxRules} from "./crosschain/InboxRules.sol";
import {GatewaySet} from "./interfaces/IGatewayInbox.sol";
import {IPoseidon3} from "./interfaces/IPoseidon3.sol";
import {IPoseidon5} from "./interfaces/IPoseidon5.sol";
import {IProofBatch} from "./interfaces/IProofBatch.sol";
import {IProvenMirror, MirrorCircuit, MirrorRules} from "./interfaces/ISolvencyMirror.sol";
import {EpochSubmission} from "./interfaces/ISolvencyRegistry.sol";
import {CoverageFacts, EpochMessage} from "./libraries/CrossChainMessages.sol";
import {EpochProofs} from "./mirror/EpochProofs.sol";
import {HomeDomains} from "./mirror/HomeDomains.sol";
import {MirrorCircuits} from "./mirror/MirrorCircuits.sol";
import {MirrorClaims} from "./mirror/MirrorClaims.sol";
import {MirrorInbox} from "./mirror/MirrorInbox.sol";
import {MirrorState} from "./mirror/MirrorState.sol";

/// @title A mirror that believes no epoch which it has not verified
/// @notice By message alone it takes that home accepted the epoch and its table, what reserves and fund were, and the venue's standing.
contract ProvenSolvencyMirror is IProvenMirror, MirrorClaims {
    enum Verdict {
        NONE,
        NOT_COVERED,
        COVERED
    }

    EpochProofs public immutable EPOCH_PROOFS;

    mapping(uint256 venueId => uint64) private _proven;
    mapping(uint256 venueId => mapping(uint64 epoch => Verdict)) private _verdicts;
    /// @dev Hash of what the epoch's message says of its checkpoint; 0 where it says nothing.
    mapping(uint256 venueId => mapping(uint64 epoch => bytes32)) private _facts;

    /// @dev As of SolvencyMirror.
    constructor(
        address admin,
        uint256 homeChainId,
        address homeRegistry,
        address beacon,
        IPoseidon3 poseidon3,
        IPoseidon5 poseidon5,
        IProofBatch proofs,
        MirrorCircuit[] memory circuits,
        MirrorRules memory rules_,
        GatewaySet memory gateways,
        uint64 gatewayDelay
    )
        InboxRules(gatewayDelay)
        MirrorState(rules_)
        HomeDomains(homeChainId, homeRegistry, poseidon3, poseidon5)
        MirrorInbox(admin, beacon, gateways)
        MirrorCircuits(proofs, circuits)
    {
        EPOCH_PROOFS = new EpochProofs(homeChainId, homeRegistry, poseidon3, poseidon5, proofs);
    }

    /// @inheritdoc IProvenMirror
    function proveEpoch(uint256 venueId, EpochSubmission calldata submission, CoverageFacts calldata)
        external
        nonReentrant
    {
        uint64 epoch = submission.epoch;
        _requireCame(venueId, epoch);
        if (_verdicts[venueId][epoch] != Verdict.NONE) revert ProvenBefore(venueId, epoch);
        if (_facts[venueId][epoch] == 0) revert NoCoverageFacts(venueId, epoch);
        // `check` takes the same arguments: passing them on as they are spares this contract the code that writes them.
        bytes memory answer = Address.functionCall(
            address(EPOCH_PROOFS), bytes.concat(EpochProofs.check.selector, msg.data[4:])
        );
        (bool covered, bytes32 factsHash) = abi.decode(answer, (bool, bytes32));
        if (factsHash != _facts[venueId][epoch]) revert NotTheMirroredEpoch("facts");
        // Two valid submissions of an epoch can exist: home says of the one it accepted what it found.
        covered = covered && _epochs[venueId][epoch].covered;
        _verdicts[venueId][epoch] = covered ? Verdict.COVERED : Verdict.NOT_COVERED;
        if (epoch > _proven[venueId]) _proven[venueId] = epoch;
        emit EpochProven(venueId, epoch, covered);
    }

    /// @inheritdoc IProvenMirror
    function provenEpoch(uint256 venueId) external view returns (uint64) {
        return _usableEpoch(venueId);
    }

    /// @inheritdoc IProvenMirror
    function isProvenCovered(uint256 venueId, uint64 epoch) external view returns (bool) {
        return _isCovered(venueId, epoch);
    }

    function _usableEpoch(uint256 venueId) internal view override returns (uint64) {
        return _proven[venueId];
    }

    function _isCovered(uint256 venueId, uint64 epoch) internal view override returns (bool) {
        return _verdicts[venueId][epoch] == Verdict.COVERED;
    }

    function _isUsable(uint256 venueId, uint64 epoch) internal view override returns (bool) {
        return _came(venueId, epoch) && _verdicts[venueId][epoch] != Verdict.NONE;
    }

    /// @dev What was proven was a record: another one of the same number is not. Where home went back, nothing above it is left.
    function _heard(uint256 venueId, uint64 epoch, EpochMessage memory message, bool changed, bool newer)
        internal
        override
    {
        if (changed) {
            delete _verdicts[venueId][epoch];
            delete _facts[venueId][epoch];
        }
        bool proven = _verdicts[venueId][epoch] != Verdict.NONE;
        uint64 latest = _proven[venueId];
        if (latest > _venues[venueId].epoch || (latest == epoch && !proven)) _proven[venueId] = proven ? epoch : 0;
        if (message.facts.reserves.length == 0 || proven) return;
        // Limits may change until the next snapshot: what home said last counts.
        if (_facts[venueId][epoch] != 0 && !newer) return;
        _facts[venueId][epoch] = keccak256(abi.encode(message.facts));
        emit CoverageFactsHeard(venueId, epoch, message.facts);
    }
}
