// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {MarginClaim} from "../../../contracts/interfaces/ISolvencyGate.sol";
import {AccountTerms} from "../../../contracts/interfaces/IAccountProofs.sol";
import {ChangeKind} from "../../../contracts/interfaces/IVenueTimelock.sol";
import {
    Deposit,
    Exit,
    Hatch,
    Payout,
    ReceiptDemand,
    RequestStatus,
    WithdrawalRequest
} from "../../../contracts/interfaces/VaultTypes.sol";
import {VaultWorld} from "./VaultWorld.sol";

/// @dev Does to a vault what users, venues and strangers may do. No action reverts: what may be refused goes through `call`.
contract VaultHandler is VaultWorld {
    // ---- in ----

    function deposit(uint256 venue, uint256 user, uint256 asset, uint256 amount) public {
        (venue, user, asset, amount) = (venue % VENUES, user % USERS, asset % ASSETS, bound(amount, 1, 1e12));
        tokens[asset].mint(userAt(user), amount);
        (bool done, bytes memory answer) =
            callFor(userAt(user), abi.encodeCall(vault.deposit, (idOf(venue), asset, amount, "")));
        if (done == (closed[venue] || paused(venue))) ++honestRefused;
        if (!done) return;
        tokensIn[asset] += amount;
        valueIn[user] += valueOf(asset, amount);
        noteDeposit(abi.decode(answer, (uint256)), venue, user, asset, amount);
    }

    function depositFund(uint256 venue, uint256 amount) public {
        (venue, amount) = (venue % VENUES, bound(amount, 1, 1e12));
        tokens[0].mint(userAt(0), amount);
        bool done = call(userAt(0), abi.encodeCall(vault.depositFund, (idOf(venue), amount)));
        if (done == closed[venue]) ++honestRefused;
        if (!done) return;
        tokensIn[0] += amount;
        funds[venue] += amount;
    }

    function sendDirectly(uint256 asset, uint256 amount) public {
        tokens[asset % ASSETS].mint(address(vault), bound(amount, 1, 1e12));
    }

    function paused(uint256 venue) private view returns (bool) {
        return !closed[venue] && uint256(vault.state(idOf(venue))) == 1;
    }

    // ---- time and epochs ----

    function passTime(uint256 duration) public {
        vm.warp(block.timestamp + bound(duration, 1, 3 hours));
        vm.roll(block.number + 1);
        lookAround();
    }

    /// @dev The leaves are what the accounts are when the snapshot is opened, the last time it is.
    function openSnapshot(uint256 venue) public {
        venue = venue % VENUES;
        uint256 id = idOf(venue);
        uint64 latest = registry.latestEpoch(id);
        bool settled = latest == 0 || block.timestamp >= registry.epochAt(id, latest).acceptedAt + 2 hours;
        vm.prank(venueOperator);
        (bool done,) = address(registry).call(abi.encodeCall(registry.openSnapshot, (id)));
        lookAround();
        if (done != (settled && !closed[venue])) ++honestRefused;
        if (!done) return;
        for (uint256 u = 0; u < USERS; ++u) {
            for (uint256 i = 0; i < ASSETS; ++i) {
                leaf[venue][latest + 1][u][i] = account[venue][u][i];
            }
        }
    }

    function acceptEpoch(uint256 venue) public {
        uint256 id = idOf(venue % VENUES);
        if (registry.openedEpoch(id) <= registry.latestEpoch(id)) return;
        registry.accept(id);
        lookAround();
    }

    /// @dev What random calls alone seldom reach.
    function standNextEpoch(uint256 venue) public {
        openSnapshot(venue);
        acceptEpoch(venue);
        vm.warp(block.timestamp + 2 hours);
        vm.roll(block.number + 1);
        lookAround();
    }

    // ---- out ----

    function withdraw(uint256 venue, uint256 user, uint256 asset, uint256 amount, bool isMove) public {
        (venue, user, asset) = (venue % VENUES, user % USERS, asset % ASSETS);
        (bool possible, uint64 epoch, uint64 quanta) = payable_(venue, user, asset, amount);
        if (quanta == 0) return;
        bool done = call(userAt(user), payoutCall(venue, payoutOf(venue, user, epoch, uint16(asset), quanta), isMove));
        // A pause stops moves, and no payout.
        if (done != (possible && !(isMove && paused(venue)))) ++honestRefused;
        if (!done) return;
        noteUsed(venue, user, epoch);
        account[venue][user][asset] -= quanta;
        if (isMove) noteMoved(venue, user, asset, uint256(quanta) * units[asset]);
        else noteOut(user, asset, uint256(quanta) * units[asset]);
    }

    function payoutCall(uint256 venue, Payout memory p, bool isMove) private view returns (bytes memory) {
        bytes32 target = isMove ? bytes32("handle") : bytes32(uint256(uint160(p.recipient)));
        bytes32 action = isMove ? vault.moveAction(target, p.deadline) : vault.payoutAction(p.recipient, p.deadline);
        p = sealed_(venue, p, action);
        bytes memory signature = approval(venue, p, isMove, target);
        if (isMove) return abi.encodeCall(vault.moveToCleared, (idOf(venue), p, target, signature));
        return abi.encodeCall(vault.withdraw, (idOf(venue), p, signature));
    }

    /// @dev The honest claim, and whether the vault must grant it.
    function payable_(uint256 venue, uint256 user, uint256 asset, uint256 amount)
        private
        view
        returns (bool possible, uint64 epoch, uint64 quanta)
    {
        epoch = newest[venue];
        uint256 held = leaf[venue][epoch][user][asset];
        if (epoch == 0 || held == 0) return (false, epoch, 0);
        quanta = uint64(bound(amount, 1, held));
        uint256 id = idOf(venue);
        uint64 opened = registry.openedEpoch(id);
        possible = !closed[venue] && opened <= epoch + 1 && timesPaid[nf(venue, user, epoch)] == 0
            && (opened == epoch || timesPaid[nf(venue, user, epoch + 1)] == 0)
            && vault.freeBalance(id, asset, epoch) >= uint256(quanta) * units[asset];
    }

    function requestWithdrawal(uint256 venue, uint256 user, uint256 asset, uint256 amount) public {
        (venue, user, asset) = (venue % VENUES, user % USERS, asset % ASSETS);
        (bool possible, uint64 epoch, uint64 quanta) = payable_(venue, user, asset, amount);
        if (quanta == 0) return;
        (bool done, bytes memory answer) =
            callFor(userAt(user), requestCall(venue, user, payoutOf(venue, user, epoch, uint16(asset), quanta)));
        if (done != possible) ++honestRefused;
        if (!done) return;
        noteUsed(venue, user, epoch);
        account[venue][user][asset] -= quanta;
        requestIds.push(abi.decode(answer, (uint256)));
        requester[requestIds[requestIds.length - 1]] = user;
    }

    function requestCall(uint256 venue, uint256 user, Payout memory p) private view returns (bytes memory) {
        p = sealed_(venue, p, vault.requestAction(p.recipient, p.deadline));
        uint64 epoch = p.claim.epoch;
        return abi.encodeCall(vault.requestWithdrawal, (idOf(venue), p, signerOf(venue, user, epoch, epoch)));
    }

    function pick(uint256 seed) private view returns (uint256 requestId, WithdrawalRequest memory r, uint256 venue) {
        if (requestIds.length == 0) return (0, r, 0);
        requestId = requestIds[seed % requestIds.length];
        r = vault.requestAt(requestId);
        venue = r.venueId - 7;
    }

    function deferRequest(uint256 seed) public {
        (uint256 id, WithdrawalRequest memory r, uint256 venue) = pick(seed);
        if (id == 0) return;
        bytes32 order = keccak256(
            abi.encode(
                keccak256("LaterOrder(uint256 venueId,uint256 nullifier,uint64 sequence,bytes32 orderDigest)"),
                r.venueId,
                r.nullifier,
                uint64(1),
                bytes32("order")
            )
        );
        bytes memory signature = signed(USER_KEY, order);
        bool possible = r.status == RequestStatus.PENDING && block.timestamp < r.answerBy && !closed[venue];
        bool done = call(venueOperator, abi.encodeCall(vault.deferRequest, (id, 1, "order", signature)));
        if (done != possible) ++honestRefused;
    }

    function payRequest(uint256 seed) public {
        (uint256 id, WithdrawalRequest memory r, uint256 venue) = pick(seed);
        if (id == 0) return;
        bool due = block.timestamp >= r.dueAt || block.timestamp >= r.answerBy
            && registry.latestEpoch(r.venueId) > r.latestEpoch;
        bool precedes = r.checkpoint < vault.termsOf(r.venueId, baseOf[venue]).checkpoint;
        bool possible = r.status == RequestStatus.PENDING && (due || closed[venue])
            || r.status == RequestStatus.DEFERRED && closed[venue] && precedes;
        bool done = call(userAt(seed % USERS), abi.encodeCall(vault.payRequest, (id)));
        if (done != possible) ++honestRefused;
        if (done) noteOut(requester[id], r.asset, r.amount);
    }

    function confirmRequest(uint256 seed) public {
        (uint256 id, WithdrawalRequest memory r, uint256 venue) = pick(seed);
        if (id == 0 || newest[venue] == 0) return;
        uint64 epoch = newest[venue];
        MarginClaim memory claim = claimOf(venue, requester[id], epoch);
        AccountTerms memory terms =
            AccountTerms(true, false, false, true, 0, gate.contextOf(address(vault), vault.confirmAction(id)));
        claim.proof.a[0] = gate.sealOfMargin(r.venueId, claim, terms);
        bool possible = r.status == RequestStatus.DEFERRED && !closed[venue]
            && vault.termsOf(r.venueId, epoch).checkpoint > r.checkpoint;
        bytes memory data =
            abi.encodeCall(vault.confirmRequest, (id, claim, signerOf(venue, requester[id], r.epoch, epoch)));
        bool done = call(userAt(0), data);
        if (done != possible) ++honestRefused;
        if (done) noteOut(requester[id], r.asset, r.amount);
    }

    function cancelRequest(uint256 seed, bool byStranger) public {
        (uint256 id, WithdrawalRequest memory r, uint256 venue) = pick(seed);
        if (id == 0) return;
        address who = byStranger ? venueOperator : r.recipient;
        bool done = call(who, abi.encodeCall(vault.cancelRequest, (id)));
        if (closed[venue]) {
            bool since = r.checkpoint >= vault.termsOf(r.venueId, baseOf[venue]).checkpoint;
            if (done != (r.status == RequestStatus.DEFERRED && since)) ++honestRefused;
            return;
        }
        bool waits = r.status == RequestStatus.PENDING || r.status == RequestStatus.DEFERRED;
        bool mayStranger = r.status == RequestStatus.DEFERRED && isExpired(venue, r.checkpoint);
        if (done && byStranger && !mayStranger) ++strangersHeard;
        if (done != (waits && (!byStranger || mayStranger))) ++honestRefused;
        if (done) noteDeposit(depositIds.length + 1, venue, requester[id], r.asset, r.amount);
    }

    function isExpired(uint256 venue, uint64 checkpoint) private view returns (bool) {
        uint256 id = idOf(venue);
        if (newest[venue] == 0 || vault.termsOf(id, newest[venue]).checkpoint <= checkpoint) return false;
        return block.timestamp >= registry.epochAt(id, newest[venue]).acceptedAt + 3 hours;
    }

    function bringCleared(uint256 venue, uint256 user, uint256 asset, uint256 amount) public {
        (venue, user, asset, amount) = (venue % VENUES, user % USERS, asset % ASSETS, bound(amount, 1, 1e12));
        tokens[asset].mint(HOUSE, amount);
        bool done = call(HOUSE, abi.encodeCall(vault.depositCleared, (idOf(venue), asset, amount)));
        if (done == (closed[venue] || paused(venue))) ++honestRefused;
        if (!done) return;
        tokensIn[asset] += amount;
        valueIn[user] += valueOf(asset, amount);
        clearedOf[venue][user][asset] += amount;
    }

    function useCleared(uint256 venue, uint256 user, uint256 asset, uint256 amount, bool pays) public {
        (venue, user, asset) = (venue % VENUES, user % USERS, asset % ASSETS);
        uint256 held = clearedOf[venue][user][asset];
        if (held == 0) return;
        amount = bound(amount, 1, held);
        (bool done, bytes memory answer) = callFor(
            HOUSE,
            pays
                ? abi.encodeCall(vault.payCleared, (idOf(venue), asset, amount, userAt(user)))
                : abi.encodeCall(vault.moveToTree, (idOf(venue), asset, amount, userAt(user), ""))
        );
        if (done != (pays || !closed[venue])) ++honestRefused;
        if (!done) return;
        clearedOf[venue][user][asset] -= amount;
        if (pays) noteOut(user, asset, amount);
        else noteDeposit(abi.decode(answer, (uint256)), venue, user, asset, amount);
    }

    // ---- receipts ----

    function demandReceipt(uint256 seed) public {
        if (depositIds.length == 0) return;
        uint256 depositId = depositIds[seed % depositIds.length];
        Deposit memory d = vault.depositAt(depositId);
        uint64 epoch = registry.latestEpoch(d.venueId);
        vm.deal(d.depositor, BOND);
        vm.prank(d.depositor);
        (bool done, bytes memory answer) =
            address(vault).call{value: BOND}(abi.encodeCall(vault.demandReceiptOfDeposit, (epoch, depositId, "key")));
        lookAround();
        if (!done) return;
        bonds += BOND;
        demandIds.push(abi.decode(answer, (uint256)));
    }

    function answerDemand(uint256 seed) public {
        if (demandIds.length == 0) return;
        uint256 id = demandIds[seed % demandIds.length];
        if (call(venueOperator, abi.encodeCall(vault.answerDemand, (id, "receipt")))) bonds -= BOND;
    }

    function reclaimBond(uint256 seed) public {
        if (demandIds.length == 0) return;
        uint256 id = demandIds[seed % demandIds.length];
        if (call(userAt(0), abi.encodeCall(vault.reclaimBond, (id)))) bonds -= BOND;
    }

    // ---- roles ----

    function setPaused(uint256 venue, bool to) public {
        venue = venue % VENUES;
        bool done = call(venueOperator, abi.encodeCall(vault.setPaused, (idOf(venue), to)));
        if (done == closed[venue]) ++honestRefused;
    }

    function changeFund(uint256 venue, uint256 amount, bool activates) public {
        venue = venue % VENUES;
        uint256 id = idOf(venue);
        if (!activates) {
            amount = bound(amount, 0, funds[venue] + 1);
            if (!call(PARAMETERS, abi.encodeCall(vault.proposeFundWithdrawal, (id, amount)))) return;
            (fundChange[venue], fundChangeReadyAt[venue]) = (amount, block.timestamp + 2 days);
            return;
        }
        if (amount % 4 == 0) {
            vm.warp(block.timestamp + 2 days);
            vm.roll(block.number + 1);
        }
        amount = fundChange[venue];
        if (!call(PARAMETERS, abi.encodeCall(vault.activateFundWithdrawal, (id, amount)))) return;
        if (fundChangeReadyAt[venue] == 0 || block.timestamp < fundChangeReadyAt[venue]) ++timelocksCut;
        fundChangeReadyAt[venue] = 0;
        funds[venue] -= amount;
        tokensOut[0] += amount;
    }

    /// @dev Everybody, the roles included, tries what is not theirs.
    function withoutTheRole(uint256 venue, uint256 seed) public {
        uint256 id = idOf(venue % VENUES);
        address who = [OWNER, ADMIN, venueOperator, userAt(0)][seed % 4];
        if (call(who, abi.encodeCall(vault.activateFundWithdrawal, (id, fundChange[venue % VENUES])))) {
            ++strangersHeard;
        }
        if (call(who, abi.encodeCall(vault.payCleared, (id, 0, 1, who)))) ++strangersHeard;
        if (call(who, abi.encodeCall(vault.depositCleared, (id, 0, 1)))) ++strangersHeard;
        if (call(who, abi.encodeCall(vault.moveToTree, (id, 0, 1, who, "")))) ++strangersHeard;
        if (call(who, abi.encodeCall(vault.checkpoint, (id, 1, new address[](0), who)))) ++strangersHeard;
        if (depositIds.length == 0) return;
        uint256 depositId = depositIds[seed % depositIds.length];
        if (vault.depositAt(depositId).depositor == who) return;
        if (call(who, abi.encodeCall(vault.refundDeposit, (depositId, who)))) ++strangersHeard;
    }

    // ---- the hatch ----

    function openHatch(uint256 venue, bool waits) public {
        venue = venue % VENUES;
        uint256 id = idOf(venue);
        uint64 base = newest[venue];
        if (base == 0) return;
        uint256 dueAt = registry.epochAt(id, base).acceptedAt + 6 hours;
        if (waits && !closed[venue] && block.timestamp < dueAt) vm.warp(dueAt);
        lookAround();
        base = newest[venue];
        dueAt = registry.epochAt(id, base).acceptedAt + 6 hours;
        bool done = call(userAt(1), abi.encodeCall(vault.openHatch, (id, base)));
        if (done != (!closed[venue] && block.timestamp >= dueAt)) ++honestRefused;
        if (!done) return;
        (closed[venue], baseOf[venue]) = (true, base);
        funds[venue] = 0;
    }

    function reportMarks(uint256 venue) public {
        venue = venue % VENUES;
        if (!closed[venue]) return;
        for (uint16 i = 0; i < ASSETS; ++i) {
            bytes memory data = abi.encodeCall(vault.reportMark, (idOf(venue), i, markClaim(venue, baseOf[venue], i)));
            bool done = call(userAt(2), data);
            if (done == marked[venue][i]) ++honestRefused;
            marked[venue][i] = true;
        }
    }

    /// @dev User USERS is one that the venue made up: it takes from others, and nobody deposited for it.
    function registerExit(uint256 venue, uint256 user, uint256 madeUp) public {
        (venue, user) = (venue % VENUES, user % (USERS + 1));
        if (!closed[venue]) return;
        uint64 base = baseOf[venue];
        uint256 equity = bound(madeUp, 1, 1e24);
        if (user < USERS) equity = leaf[venue][base][user][0] * marks[0] + leaf[venue][base][user][1] * marks[1];
        call(userAt(2), abi.encodeCall(vault.registerExit, (idOf(venue), exitOf(venue, user, base, equity))));
    }

    function settleRound(uint256 venue, bool waits) public {
        venue = venue % VENUES;
        Hatch memory hatch = vault.hatchOf(idOf(venue));
        if (!closed[venue]) return;
        if (waits && block.timestamp < hatch.roundClosesAt) vm.warp(hatch.roundClosesAt);
        call(userAt(2), abi.encodeCall(vault.settleRound, (idOf(venue))));
    }

    function collectExit(uint256 venue, uint256 user, uint256 asset) public {
        (venue, user, asset) = (venue % VENUES, user % (USERS + 1), asset % ASSETS);
        if (!closed[venue]) return;
        uint256 nullifier = nf(venue, user, baseOf[venue]);
        uint256[] memory one = new uint256[](1);
        one[0] = asset;
        uint256 before = tokens[asset].balanceOf(userAt(user));
        if (!call(userAt(2), abi.encodeCall(vault.collectExit, (idOf(venue), nullifier, one)))) return;
        uint256 got = tokens[asset].balanceOf(userAt(user)) - before;
        bytes32 key = keccak256(abi.encode(venue, user, asset));
        if (++collections[key] > 1) ++doubleExits;
        noteOut(user, asset, got);
        bytes32 sum = keccak256(abi.encode(venue, user));
        collections[sum] += valueOf(asset, got);
        if (collections[sum] > 100 * vault.exitOf(idOf(venue), nullifier).amount) ++overpaidExits;
        if (got != 0) ++exitsPaid;
    }

    function refundDeposit(uint256 seed) public {
        if (depositIds.length == 0) return;
        uint256 depositId = depositIds[seed % depositIds.length];
        Deposit memory d = vault.depositAt(depositId);
        uint256 venue = d.venueId - 7;
        bool possible =
            closed[venue] && !d.refunded && d.checkpoint >= vault.termsOf(d.venueId, baseOf[venue]).checkpoint;
        address to = userAt(userOf[depositId]);
        bool done = call(d.depositor, abi.encodeCall(vault.refundDeposit, (depositId, to)));
        if (done != possible) ++refundsRefused;
        if (done) noteOut(userOf[depositId], d.asset, d.amount);
    }

    /// @dev Marks, claims of all, the round, and what each gets.
    function windUp(uint256 venue, uint256 madeUp) public {
        openHatch(venue, true);
        reportMarks(venue);
        for (uint256 u = 0; u <= USERS; ++u) {
            if (u < USERS || madeUp % 2 == 0) registerExit(venue, u, madeUp);
        }
        settleRound(venue, true);
        for (uint256 u = 0; u <= USERS; ++u) {
            collectExit(venue, u, 0);
            collectExit(venue, u, 1);
        }
    }
}
