// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {InboxRules} from "../crosschain/InboxRules.sol";
import {GatewaySet} from "../interfaces/IGatewayInbox.sol";
import {ISatelliteVault, SatelliteDeposit, SatelliteRules, SatelliteToken} from "../interfaces/ISatelliteVault.sol";
import {ISolvencyMirror} from "../interfaces/ISolvencyMirror.sol";
import {
    Envelope,
    HubFacts,
    LeaseMessage,
    MessageKind,
    OrderMessage,
    UsedMessage
} from "../libraries/CrossChainMessages.sol";
import {SatelliteHatch} from "./SatelliteHatch.sol";
import {Book, Home, SatelliteState} from "./SatelliteState.sol";

/// @title Holds collateral on another chain than the venue's, and pays it on orders from home
/// @dev Internal accounting only: tokens sent directly belong to nobody.
contract SatelliteVault is SatelliteHatch {
    /// @param admin proposes gateways; without a key nobody ever does
    /// @param hub at home, on the chain that the mirror is of
    /// @param gatewayDelay at least the hatch's waiting time and round together
    constructor(
        address admin,
        uint256 homeChainId,
        address hub,
        ISolvencyMirror mirror,
        uint256 venueId,
        SatelliteToken[] memory list,
        SatelliteRules memory rules_,
        GatewaySet memory gateways,
        uint64 gatewayDelay
    ) InboxRules(gatewayDelay) SatelliteState(admin, homeChainId, hub, mirror, venueId, list, rules_) {
        _setGateways(_sourceOf(homeChainId, hub), gateways);
    }

    /// @inheritdoc ISatelliteVault
    function rules() external view returns (SatelliteRules memory) {
        return _rules;
    }

    /// @inheritdoc ISatelliteVault
    function tokens() external view returns (SatelliteToken[] memory) {
        return _tokens;
    }

    /// @inheritdoc ISatelliteVault
    function owedTo(uint16 token, address recipient) external view returns (uint256) {
        return _owed[token][recipient];
    }

    /// @inheritdoc ISatelliteVault
    function depositAt(uint64 number) external view returns (SatelliteDeposit memory) {
        return _deposits[number];
    }

    /// @inheritdoc ISatelliteVault
    function isOrderTaken(uint64 number) external view returns (bool) {
        return _orders[number];
    }

    /// @inheritdoc ISatelliteVault
    function home()
        external
        view
        returns (uint64 sentAt, uint64 sequence, uint64 standsEpoch, uint64 depositsSeen, uint64 closedAt)
    {
        return (_home.sentAt, _home.sequence, _home.standsEpoch, _home.depositsSeen, _closedAt);
    }

    function _requireInboxAdmin(bytes32) internal view override {
        if (msg.sender != ADMIN) revert NotInboxAdmin(msg.sender);
    }

    /// @dev The hub is the only source. What a message brings besides facts is taken however old it is.
    function _take(bytes32, Envelope memory envelope) internal override {
        if (envelope.registry != HOME_REGISTRY) revert EnvelopeMismatch("registry");
        if (envelope.venueId != VENUE_ID) revert EnvelopeMismatch("venue");
        if (envelope.kind == MessageKind.LEASE) {
            _hear(envelope, abi.decode(envelope.body, (LeaseMessage)).facts);
        } else if (envelope.kind == MessageKind.ORDER) {
            OrderMessage memory order = abi.decode(envelope.body, (OrderMessage));
            _hear(envelope, order.facts);
            _credit(order);
        } else if (envelope.kind == MessageKind.USED) {
            UsedMessage memory used = abi.decode(envelope.body, (UsedMessage));
            _hear(envelope, used.facts);
            for (uint256 i = 0; i < used.nullifiers.length; ++i) {
                _noteUsed(used.nullifiers[i], used.paid[i]);
            }
        } else {
            revert KindRefused(uint8(envelope.kind));
        }
    }

    function _hear(Envelope memory envelope, HubFacts memory facts) private {
        bool ours = facts.satelliteChainId == block.chainid && facts.satellite == address(this);
        if (!ours) revert NotForThisSatellite(facts.satelliteChainId, facts.satellite);
        Home memory heard = _home;
        bool newer = envelope.sentAt > heard.sentAt
            || envelope.sentAt == heard.sentAt && envelope.sequence > heard.sequence;
        if (!newer) return;
        // Below a reorganisation of this chain: home would mint for deposits that are gone.
        uint64 seen = facts.depositsSeen;
        if (seen > _depositCount || _digests[seen] != facts.depositsDigest) revert DepositsDiffer(seen);
        (heard.sentAt, heard.sequence) = (envelope.sentAt, envelope.sequence);
        // When the round is over, what was not seen goes back.
        bool grows = seen > heard.depositsSeen && !(_isClosed() && _isRoundOver());
        if (grows) heard.depositsSeen = seen;
        if (!_isClosed()) {
            heard.standsEpoch = facts.standsEpoch;
            _requireMirrored(facts.standsEpoch);
            _setTree(facts.tree);
        }
        _home = heard;
        emit HomeHeard(heard.sentAt, heard.sequence, heard.standsEpoch, heard.depositsSeen);
    }

    function _setTree(uint256[] memory tree) private {
        if (tree.length != _tokens.length) revert UnknownToken(uint16(tree.length));
        for (uint256 i = 0; i < tree.length; ++i) {
            _tree[i] = tree[i];
        }
    }

    function _credit(OrderMessage memory order) private {
        if (_orders[order.number]) revert OrderTakenBefore(order.number);
        _token(order.token);
        uint256 held = _payable(order.token);
        if (order.amount > held) revert MoreThanHeld(order.token, held, order.amount);
        _orders[order.number] = true;
        Book storage book = _books[order.token];
        (book.paid, book.owed) = (book.paid + order.amount, book.owed + order.amount);
        _owed[order.token][order.recipient] += order.amount;
        emit OrderTaken(order.number, order.token, order.recipient, order.amount);
    }

    /// @dev The hatch is by proof of the newest standing epoch: without its root here it would be of an older one, which home paid from.
    function _requireMirrored(uint64 epoch) private view {
        if (epoch != 0 && !MIRROR.isUsable(VENUE_ID, epoch)) revert HomeEpochUnknown(epoch);
    }
}
