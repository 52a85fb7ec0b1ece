// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {GatewayInbox} from "../crosschain/GatewayInbox.sol";
import {MessageOrigin} from "../crosschain/MessageOrigin.sol";
import {ISatelliteVault, SatelliteDeposit, SatelliteRules, SatelliteToken} from "../interfaces/ISatelliteVault.sol";
import {ISolvencyMirror} from "../interfaces/ISolvencyMirror.sol";
import {Spent} from "../libraries/WindowedLimit.sol";

/// @notice Base units of one token.
/// @param owed credited to recipients and not collected
/// @param aside set aside for exits of the hatch and not collected
/// @param refunded deposits that went back
struct Book {
    uint256 deposited;
    uint256 paid;
    uint256 owed;
    uint256 aside;
    uint256 refunded;
    Spent collected;
}

/// @notice What the newest of the hub's messages said; of a closed satellite `standsEpoch` and tree stay those of the opening.
struct Home {
    uint64 sentAt;
    uint64 sequence;
    uint64 standsEpoch;
    uint64 depositsSeen;
}

/// @title All state of a satellite but the hatch's, and what is there of each token
abstract contract SatelliteState is MessageOrigin, GatewayInbox, ISatelliteVault {
    using Checkpoints for Checkpoints.Trace160;

    uint256 private constant MOST_TOKENS = 16;

    uint256 public immutable HOME_CHAIN_ID;
    address public immutable HUB;
    ISolvencyMirror public immutable MIRROR;
    uint256 public immutable VENUE_ID;
    /// @notice Proposes gateways, and nothing else.
    address public immutable ADMIN;
    address internal immutable HOME_REGISTRY;
    uint64 internal immutable MADE_AT;

    SatelliteRules internal _rules;
    SatelliteToken[] internal _tokens;
    Book[16] internal _books;
    /// @dev What the newest of the hub's messages said, in the order of tokens.
    uint256[16] internal _tree;
    Home internal _home;
    uint64 internal _closedAt;
    uint64 internal _roundClosesAt;

    uint64 internal _depositCount;
    mapping(uint64 number => SatelliteDeposit) internal _deposits;
    /// @dev Rolling hash of all deposits up to the number.
    mapping(uint64 number => bytes32) internal _digests;
    /// @dev Sum of a token's deposits up to a number: a loop over many small ones would stop every message.
    mapping(uint16 token => Checkpoints.Trace160) internal _deposited;

    mapping(uint64 number => bool) internal _orders;
    mapping(uint16 token => mapping(address recipient => uint256)) internal _owed;

    constructor(
        address admin,
        uint256 homeChainId,
        address hub,
        ISolvencyMirror mirror,
        uint256 venueId,
        SatelliteToken[] memory list,
        SatelliteRules memory rules_
    ) {
        if (hub == address(0)) revert InvalidSatellite("hub");
        if (mirror.HOME_CHAIN_ID() != homeChainId) revert InvalidSatellite("homeChainId");
        (HOME_CHAIN_ID, HUB, MIRROR, VENUE_ID, ADMIN) = (homeChainId, hub, mirror, venueId, admin);
        HOME_REGISTRY = mirror.HOME_REGISTRY();
        MADE_AT = uint64(block.timestamp);
        bool waits = rules_.hatchAfter != 0 && rules_.claimWindow != 0 && rules_.limitWindow != 0;
        if (!waits) revert InvalidSatellite("rules");
        // Who distrusts new gateways is out before they count.
        uint256 least = uint256(rules_.hatchAfter) + rules_.claimWindow;
        if (GATEWAY_DELAY < least) revert InvalidGatewayDelay(GATEWAY_DELAY, least, type(uint64).max);
        _rules = rules_;
        _setTokens(list);
    }

    function _setTokens(SatelliteToken[] memory list) private {
        if (list.length == 0 || list.length > MOST_TOKENS) revert InvalidSatellite("tokens");
        for (uint256 i = 0; i < list.length; ++i) {
            SatelliteToken memory made = list[i];
            if (made.token.code.length == 0) revert InvalidSatellite("token");
            if (made.unitsPerQuantum == 0 || made.payoutLimit == 0) revert InvalidSatellite("limits");
            if (made.minDeposit < made.unitsPerQuantum) revert InvalidSatellite("minDeposit");
            for (uint256 j = 0; j < i; ++j) {
                // One balance would stand for both, and one leaf's holding be paid from both.
                bool twice = list[j].token == made.token || list[j].asset == made.asset || list[j].row == made.row;
                if (twice) revert InvalidSatellite("twice");
            }
            _tokens.push(made);
        }
    }

    function _token(uint16 token) internal view returns (SatelliteToken storage) {
        if (token >= _tokens.length) revert UnknownToken(token);
        return _tokens[token];
    }

    /// @dev What is accounted for, as far as it is there. Senior to it is what is credited or set aside already.
    function _held(uint16 token) internal view returns (uint256) {
        Book storage book = _books[token];
        uint256 there = Math.saturatingSub(_balanceOf(_tokens[token].token), book.owed + book.aside);
        return Math.min(book.deposited - book.paid, there);
    }

    /// @dev Deposits that home had not heard of, without those that went back.
    function _unseen(uint16 token) internal view returns (uint256) {
        Book storage book = _books[token];
        return book.deposited - _deposited[token].upperLookup(_home.depositsSeen) - book.refunded;
    }

    function _isClosed() internal view returns (bool) {
        return _closedAt != 0;
    }

    /// @dev Of a closed satellite.
    function _isRoundOver() internal view returns (bool) {
        return block.timestamp >= _roundClosesAt;
    }

    function _requireClosed() internal view {
        if (!_isClosed()) revert SatelliteNotClosed();
    }

    function _requireRoundOver() internal view {
        _requireClosed();
        if (!_isRoundOver()) revert RoundOpen(_roundClosesAt);
    }

    /// @dev A token that does not answer must not keep the others from being counted: it has nothing.
    function _balanceOf(address token) private view returns (uint256 held) {
        bytes memory asked = abi.encodeCall(IERC20.balanceOf, (address(this)));
        assembly ("memory-safe") {
            let done := staticcall(gas(), token, add(asked, 0x20), mload(asked), 0, 0x20)
            if and(done, gt(returndatasize(), 0x1f)) { held := mload(0) }
        }
    }
}
