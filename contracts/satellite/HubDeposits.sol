// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ISatelliteHub, SatelliteState} from "../interfaces/ISatelliteHub.sol";
import {DepositMessage} from "../libraries/CrossChainMessages.sol";
import {WindowedLimit} from "../libraries/WindowedLimit.sol";
import {ClaimBook, HeardDeposit, HubState, Satellite} from "./HubState.sol";

/// @title Notes deposits as they are heard of, and mints for them once the satellite knows that it must never return them
abstract contract HubDeposits is HubState {
    using WindowedLimit for *;

    /// @dev Deposits that a call goes over: one that was lost and comes after thousands must not need them all in one.
    uint256 private constant MOST_STEPS = 128;

    /// @inheritdoc ISatelliteHub
    function creditDeposits(uint256 satelliteId, uint64[] calldata numbers) external {
        for (uint256 i = 0; i < numbers.length; ++i) {
            _creditDeposit(satelliteId, numbers[i]);
        }
    }

    /// @inheritdoc ISatelliteHub
    function isDepositCredited(uint256 satelliteId, uint64 number) external view returns (bool) {
        HeardDeposit storage heard = _satellite(satelliteId).heard[number];
        return heard.amount != 0 && heard.credited == heard.amount;
    }

    /// @dev Never reverts: it would be missing for ever, and none after it ever seen. Another under a number that was heard is
    /// of another fork: the first stays, the digest will not be the satellite's, and the lease ends.
    function _takeDeposit(uint256 satelliteId, DepositMessage memory said) internal {
        Satellite storage satellite = _satellites[satelliteId];
        HeardDeposit storage heard = satellite.heard[said.number];
        if (heard.amount == 0) {
            (heard.token, heard.homeOwner, heard.amount) = (said.token, said.homeOwner, said.amount);
            emit DepositHeard(satelliteId, said.number, said.homeOwner, said.token, said.amount);
        }
        _advance(satellite);
    }

    /// @dev Moves `depositsSeen` on over what was heard.
    function _advance(Satellite storage satellite) internal {
        (uint64 seen, bytes32 digest) = (satellite.state.depositsSeen, satellite.depositsDigest);
        for (uint256 i = 0; i < MOST_STEPS; ++i) {
            HeardDeposit storage next = satellite.heard[seen + 1];
            if (next.amount == 0) break;
            ++seen;
            digest = _digestAfter(digest, DepositMessage(seen, next.token, next.amount, next.homeOwner));
        }
        (satellite.state.depositsSeen, satellite.depositsDigest) = (seen, digest);
    }

    function _creditDeposit(uint256 satelliteId, uint64 number) private {
        Satellite storage satellite = _satellite(satelliteId);
        SatelliteState storage state = satellite.state;
        HeardDeposit storage heard = satellite.heard[number];
        (uint16 token, uint256 rest) = (heard.token, heard.amount - heard.credited);
        if (heard.amount == 0 || number > state.depositsSure) {
            revert DepositNotSure(satelliteId, number, state.depositsSure);
        }
        if (rest == 0) revert DepositCreditedBefore(satelliteId, number);
        ClaimBook storage book = _book(satelliteId, token);
        (uint128 limit, uint64 window) = (book.mintLimit, satellite.terms.limitWindow);
        uint256 left = book.minted.left(limit, window);
        if (left == 0) revert MintLimitReached(satelliteId, token, left, rest);
        // A deposit above the limit would else be nobody's: the satellite does not return it.
        uint256 amount = Math.min(rest, left);
        book.minted.use(limit, window, amount);
        heard.credited += amount;
        book.totals.minted += amount;
        emit DepositCredited(satelliteId, number, heard.homeOwner, token, amount);
        book.claim.mint(heard.homeOwner, amount);
    }
}
