// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SatelliteDeposit} from "../../../contracts/interfaces/ISatelliteVault.sol";
import {SatelliteWorld} from "./SatelliteWorld.sol";

/// @dev What anybody does, and what gateways do with messages.
contract SatelliteHandler is SatelliteWorld {
    uint256 private constant MOST = 1e9;

    // ---- messages ----

    function checkpointFar(uint256 i, bool arrives) external {
        i = bound(i, 0, 1);
        bytes memory payload = makeFar(i);
        if (arrives) deliverHome(i, payload);
    }

    function leaseHome(uint256 i, bool arrives) external {
        i = bound(i, 0, 1);
        bytes memory payload = makeHome(i, abi.encodeCall(hub.makeLease, (i + 1)));
        if (arrives && payload.length != 0) deliverFar(i, payload);
    }

    function deliverAnyHome(uint256 i, uint256 which) external {
        i = bound(i, 0, 1);
        if (toHome[i].length != 0) deliverHome(i, toHome[i][bound(which, 0, toHome[i].length - 1)]);
    }

    function deliverAnyFar(uint256 i, uint256 which) external {
        i = bound(i, 0, 1);
        if (fromHome[i].length == 0) return;
        if (deliverFar(i, fromHome[i][bound(which, 0, fromHome[i].length - 1)])) ++reached[0];
    }

    /// @dev To whom it is not for.
    function deliverElsewhere(uint256 i, uint256 which) external {
        i = bound(i, 0, 1);
        if (fromHome[i].length == 0) return;
        if (deliverFar(1 - i, fromHome[i][bound(which, 0, fromHome[i].length - 1)])) ++honestRefused;
    }

    /// @dev All that was made so far, in turn: relayers caught up.
    function relayAll(uint256 i) public {
        i = bound(i, 0, 1);
        for (uint256 round = 0; round < 2; ++round) {
            for (uint256 n = 0; n < toHome[i].length; ++n) {
                deliverHome(i, toHome[i][n]);
            }
            deliverHome(i, makeFar(i));
            bytes memory payload = makeHome(i, abi.encodeCall(hub.makeLease, (i + 1)));
            for (uint256 n = 0; n < fromHome[i].length; ++n) {
                deliverFar(i, fromHome[i][n]);
            }
            if (payload.length == 0) return;
        }
    }

    function tell(uint256 i, uint256 which) external {
        i = bound(i, 0, 1);
        if (nullifiers.length == 0) return;
        uint256[] memory one = new uint256[](1);
        one[0] = nullifiers[bound(which, 0, nullifiers.length - 1)];
        makeHome(i, abi.encodeCall(hub.makeUsed, (i + 1, one)));
    }

    // ---- in ----

    function deposit(uint256 i, uint256 u, uint256 amount) external {
        (i, u, amount) = (bound(i, 0, 1), bound(u, 0, USERS - 1), bound(amount, UNITS, MOST));
        if (isClosed(i)) return;
        (uint64 number, bytes memory payload) = depositFar(i, 0, userAt(u), amount);
        toHome[i].push(payload);
        brought[u][i] += amount;
        deposits[i] = number;
    }

    function creditAny(uint256 i, uint256 which) external {
        i = bound(i, 0, 1);
        if (deposits[i] == 0) return;
        uint64[] memory one = new uint64[](1);
        one[0] = uint64(bound(which, 1, deposits[i]));
        (bool ok,) = tried(address(0), address(hub), abi.encodeCall(hub.creditDeposits, (i + 1, one)));
        if (ok) {
            ++reached[1];
            noteRefunds(i);
        }
    }

    function moveToTree(uint256 i, uint256 u, uint256 amount) external {
        (i, u) = (bound(i, 0, 1), bound(u, 0, USERS - 1));
        uint256 most = claim(i, 0).balanceOf(userAt(u)) / UNITS;
        if (most == 0) return;
        amount = bound(amount, 1, most);
        address who = userAt(u);
        tried(who, address(claim(i, 0)), abi.encodeCall(IERC20.approve, (address(vault), amount * UNITS)));
        bytes memory call_ = abi.encodeCall(vault.deposit, (HELD, assetOf(i, 0), amount * UNITS, bytes32(u)));
        (bool ok,) = tried(who, address(vault), call_);
        if (!ok) return;
        account[u][i] += amount;
        // Told before anything else happens: what comes after the last message can be paid twice, and 0012 says so.
        bytes memory payload = makeHome(i, abi.encodeCall(hub.makeLease, (i + 1)));
        if (payload.length == 0 || !deliverFar(i, payload)) ++honestRefused;
    }

    // ---- epochs and payouts at home ----

    function nextFarEpoch(bool opensOnly) external {
        uint64 newest = vault.newestStanding(HELD);
        uint64 latest = registry.latestEpoch(HELD);
        if (latest != newest) {
            letStand();
            return;
        }
        openSnapshot();
        for (uint256 i = 0; i < 2; ++i) {
            uint256 count = counted(i, 0);
            if (count > satellites[i].totalsOf(0).held || isClosed(i) && count != 0) ++countedTooMuch;
            if (count != 0) countedUntil[i] = block.timestamp + HALT_AFTER;
            for (uint256 u = 0; u < USERS; ++u) {
                leaf[latest + 1][u][i] = account[u][i];
            }
        }
        if (opensOnly) return;
        acceptClaims([vault.treeBalance(HELD, 3) / UNITS, 0, vault.treeBalance(HELD, 5) / UNITS]);
        ++reached[2];
    }

    function withdrawHome(uint256 i, uint256 u, uint256 quanta, bool outbox) external {
        (i, u) = (bound(i, 0, 1), bound(u, 0, USERS - 1));
        uint64 epoch = vault.newestStanding(HELD);
        uint256 most = leaf[epoch][u][i] < account[u][i] ? leaf[epoch][u][i] : account[u][i];
        if (most == 0) return;
        quanta = bound(quanta, 1, most);
        (bool ok,) = tried(address(0), address(vault), withdrawCall(i, u, epoch, uint64(quanta), outbox));
        if (!ok) return;
        account[u][i] -= quanta;
        noteUsed(userAt(u), epoch);
        ++reached[3];
        for (uint256 j = 0; j < 2; ++j) {
            if (told[j]) tellUsed(j);
        }
    }

    function orderHome(uint256 i, uint256 u, uint256 amount, bool outbox) external {
        (i, u) = (bound(i, 0, 1), bound(u, 0, USERS - 1));
        address who = userAt(u);
        address from = outbox ? hub.outboxOf(i + 1, who) : who;
        uint256 most = claim(i, 0).balanceOf(from);
        if (most == 0) return;
        amount = outbox ? most : bound(amount, 1, most);
        bytes memory call_ = outbox
            ? abi.encodeCall(hub.orderFromOutbox, (i + 1, 0, who))
            : abi.encodeCall(hub.order, (i + 1, 0, amount, who));
        (bool ok, bytes memory got) = tried(who, address(hub), call_);
        if (!ok) return;
        (uint64 number, bytes memory payload) = abi.decode(got, (uint64, bytes));
        orderAmount[i][number] = amount;
        fromHome[i].push(payload);
    }

    function collectFar(uint256 i, uint256 u) external {
        (i, u) = (bound(i, 0, 1), bound(u, 0, USERS - 1));
        away(i);
        (bool ok,) = tried(address(0), address(satellites[i]), abi.encodeCall(satellites[i].collect, (0, userAt(u))));
        home();
        if (ok) ++reached[4];
    }

    // ---- silence ----

    function passSome(uint256 duration) external {
        pass(bound(duration, 1 minutes, 40 minutes));
    }

    function passLong(uint256 duration) external {
        pass(bound(duration, 1 hours, 30 hours));
    }

    function openAnyHatch(uint256 i, bool isTold) public {
        i = bound(i, 0, 1);
        away(i);
        (bool ok,) = tried(address(0), address(satellites[i]), abi.encodeCall(satellites[i].openHatch, ()));
        home();
        if (!ok) return;
        if (block.timestamp < countedUntil[i]) ++openedTooSoon;
        (,, base[i],,) = satellites[i].home();
        if (!isTold) return;
        told[i] = true;
        tellUsed(i);
    }

    function registerAny(uint256 i, uint256 u) external {
        (i, u) = (bound(i, 0, 1), bound(u, 0, USERS - 1));
        uint64 quanta = uint64(leaf[base[i]][u][i]);
        if (!isClosed(i) || base[i] == 0 || quanta == 0) return;
        bytes memory call_ = exitCall(i, u, quanta);
        away(i);
        (bool ok,) = tried(address(0), address(satellites[i]), call_);
        home();
        if (!ok) return;
        ++reached[5];
        // The venue sees it, and debits it.
        account[u][i] = account[u][i] > quanta ? account[u][i] - quanta : 0;
    }

    function collectAnyExit(uint256 i, uint256 u) external {
        (i, u) = (bound(i, 0, 1), bound(u, 0, USERS - 1));
        away(i);
        uint256 nullifier = nf(userAt(u), base[i]);
        bytes memory call_ = abi.encodeCall(satellites[i].collectExit, (nullifier, 0));
        (bool ok,) = tried(address(0), address(satellites[i]), call_);
        home();
        if (ok) ++reached[6];
    }

    function refundAny(uint256 i, uint256 which) external {
        i = bound(i, 0, 1);
        if (deposits[i] == 0) return;
        uint64 number = uint64(bound(which, 1, deposits[i]));
        SatelliteDeposit memory made = satellites[i].depositAt(number);
        away(i);
        bytes memory call_ = abi.encodeCall(satellites[i].refundDeposit, (number, made.depositor));
        (bool ok,) = tried(made.depositor, address(satellites[i]), call_);
        home();
        if (!ok) return;
        ++reached[7];
        noteRefunds(i);
    }

    function noteRefunds(uint256 i) private {
        for (uint64 n = 1; n <= deposits[i]; ++n) {
            if (satellites[i].depositAt(n).refunded && hub.isDepositCredited(i + 1, n)) ++refundedAndMinted;
        }
    }
}
