// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {EpochSubmission} from "../../../contracts/interfaces/ISolvencyRegistry.sol";
import {RegistryBooks} from "./RegistryBooks.sol";

/// @dev Does to a registry and its escrow what operators, admins, depositors and strangers may do, over two venues.
/// No action reverts: what may be refused is called through `_call`.
contract RegistryHandler is RegistryBooks {
    // ---- escrow ----

    function depositReserves(uint256 venue, uint256 token, uint256 amount) external {
        (venue, token, amount) = (venue % VENUES, token % 2, bound(amount, 1, MOST_TOKENS));
        escrow.depositReserves(idOf(venue), address(tokens[token]), amount);
        reserves[venue][token] += amount;
    }

    function depositFund(uint256 venue, uint256 amount) external {
        (venue, amount) = (venue % VENUES, bound(amount, 1, MOST_TOKENS));
        escrow.depositFund(idOf(venue), address(tokens[0]), amount);
        funds[venue] += amount;
    }

    /// @dev Now and then more than there is.
    function withdrawReserves(uint256 venue, uint256 token, uint256 amount) external {
        (venue, token) = (venue % VENUES, token % 2);
        uint256 held = reserves[venue][token];
        amount = bound(amount, 0, held + held / 8 + 1);
        bytes memory call =
            abi.encodeCall(escrow.withdrawReserves, (idOf(venue), address(tokens[token]), amount, STRANGER));
        if (!_call(ADMIN, address(escrow), call)) return;
        if (amount > held) ++overdrafts;
        else reserves[venue][token] = held - amount;
    }

    /// @dev Now and then more than there is.
    function withdrawFund(uint256 venue, uint256 amount) external {
        venue = venue % VENUES;
        uint256 held = funds[venue];
        amount = bound(amount, 0, held + held / 8 + 1);
        bytes memory call = abi.encodeCall(escrow.withdrawFund, (idOf(venue), address(tokens[0]), amount, STRANGER));
        if (!_call(ADMIN, address(escrow), call)) return;
        if (amount > held) ++overdrafts;
        else funds[venue] = held - amount;
    }

    function sendDirectly(uint256 token, uint256 amount) external {
        (token, amount) = (token % 2, bound(amount, 1, MOST_TOKENS));
        assertTrue(tokens[token].transfer(address(escrow), amount), "transfer");
        donated[token] += amount;
    }

    // ---- registry ----

    function passTime(uint256 duration) external {
        vm.warp(block.timestamp + bound(duration, 1, HALT_AFTER / 4));
    }

    function openSnapshot(uint256 venue) external {
        _open(venue % VENUES);
    }

    /// @dev An honest prover's next epoch, with whatever figures.
    function submitEpoch(uint256 venue, uint64[4] memory words, uint256 shortfall, uint256 seed) external {
        venue = venue % VENUES;
        // Most runs would otherwise spend their depth without a fresh snapshot.
        if (seed % 4 != 0) _open(venue);
        EpochSubmission memory s = _honest(venue, words, shortfall, seed);
        bool due = _checkpointEpoch[venue] == s.epoch && block.timestamp - _openedAt[venue] <= MAX_AGE;
        bool accepted = _call(OPERATOR, address(registry), abi.encodeCall(registry.submitEpoch, (idOf(venue), s)));
        if (due && !accepted) ++honestRefused;
        if (accepted && !due) ++forgeriesAccepted;
        if (accepted) _book(venue, s);
    }

    /// @dev What was accepted once, again: as it was, or under the next number.
    function replay(uint256 venue, uint256 epoch, bool renumbered) external {
        venue = venue % VENUES;
        if (acceptedBy(venue) == 0) return;
        // Before the next snapshot the one of the last epoch is still there.
        if (renumbered) _open(venue);
        EpochSubmission memory s = abi.decode(_submissions[venue][epoch % acceptedBy(venue)], (EpochSubmission));
        if (renumbered) s.epoch = uint64(acceptedBy(venue)) + 1;
        bytes memory call = abi.encodeCall(registry.submitEpoch, (idOf(venue), s));
        if (_call(OPERATOR, address(registry), call)) ++replaysAccepted;
        // Nor by the neighbour.
        call = abi.encodeCall(registry.submitEpoch, (idOf(1 - venue), s));
        if (_call(OPERATOR, address(registry), call)) ++replaysAccepted;
    }

    /// @dev A statement whose proofs were made for other figures, or a true one that skips numbers.
    function forge(uint256 venue, uint64[4] memory words, uint256 shortfall, uint256 seed) external {
        venue = venue % VENUES;
        _open(venue);
        EpochSubmission memory s = _honest(venue, words, shortfall, seed);
        if (seed % 3 == 0) s.close.shortfall += 1;
        else if (seed % 3 == 1) s.words[seed % 4] += 1;
        else s = _skipping(venue, s, 1 + uint64(seed % 5));
        if (_call(OPERATOR, address(registry), abi.encodeCall(registry.submitEpoch, (idOf(venue), s)))) ++forgeriesAccepted;
    }

    /// @dev Everybody without the role, the other roles included.
    function withoutTheRole(uint256 venue, address caller, uint64[4] memory words, uint256 seed) external {
        venue = venue % VENUES;
        if (seed % 2 == 0) caller = [OWNER, ADMIN, PARAMETERS, STRANGER][seed / 2 % 4];
        if (caller == OPERATOR) return;
        _open(venue);
        EpochSubmission memory s = _honest(venue, words, seed, seed);
        if (_call(caller, address(registry), abi.encodeCall(registry.submitEpoch, (idOf(venue), s)))) ++strangersHeard;
        if (_call(caller, address(registry), abi.encodeCall(registry.openSnapshot, (idOf(venue))))) ++strangersHeard;
    }

    function _skipping(uint256 venue, EpochSubmission memory s, uint64 numbers)
        private
        view
        returns (EpochSubmission memory)
    {
        s.epoch += numbers;
        return seal(s, block.chainid, address(registry), idOf(venue));
    }

    /// @dev Deposits and shortfalls of the size of what is held, so that both outcomes of coverage happen.
    function _honest(uint256 venue, uint64[4] memory words, uint256 shortfall, uint256 seed)
        private
        view
        returns (EpochSubmission memory s)
    {
        s = draft(uint64(acceptedBy(venue)) + 1);
        s.genesisAccumulator = uint256(keccak256(abi.encode(seed))) % P;
        for (uint256 i = 0; i < 4; ++i) {
            s.words[i] = words[i] % (i < 2 ? MOST_TOKENS : MOST_TOKENS / 100);
        }
        s.close.shortfall = shortfall % (MOST_TOKENS * VALUE_PER_FUND_UNIT);
        s = seal(s, block.chainid, address(registry), idOf(venue));
    }

    function _call(address caller, address callee, bytes memory data) private returns (bool ok) {
        // Each call is a transaction in a block of its own.
        vm.roll(block.number + 1);
        vm.prank(caller);
        (ok,) = callee.call(data);
    }
}
