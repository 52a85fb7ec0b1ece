// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {InboxRules} from "./crosschain/InboxRules.sol";
import {GatewaySet} from "./interfaces/IGatewayInbox.sol";
import {IPoseidon3} from "./interfaces/IPoseidon3.sol";
import {IPoseidon5} from "./interfaces/IPoseidon5.sol";
import {IProofBatch} from "./interfaces/IProofBatch.sol";
import {MirrorCircuit, MirrorRules} from "./interfaces/ISolvencyMirror.sol";
import {HomeDomains} from "./mirror/HomeDomains.sol";
import {MirrorCircuits} from "./mirror/MirrorCircuits.sol";
import {MirrorClaims} from "./mirror/MirrorClaims.sol";
import {MirrorInbox} from "./mirror/MirrorInbox.sol";
import {MirrorState} from "./mirror/MirrorState.sol";

/// @title A venue's gate on another chain
/// @notice It believes what enough of its gateways say the beacon said. One mirror serves all venues of a registry.
contract SolvencyMirror is MirrorClaims {
    /// @param admin may propose gateways and circuits; nobody's key where neither shall ever change
    /// @param gateways of the beacon
    /// @param gatewayDelay seconds: a day to 90 days, and from 1 second on local test chains
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
    {}
}
