// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {
    Instrument,
    InstrumentKind,
    InstrumentListing,
    MarketSubmission,
    ParameterSet
} from "../../../contracts/interfaces/IMarketBoard.sol";
import {MarginLevel} from "../../../contracts/interfaces/IMarketSource.sol";
import {PriceReport} from "../../../contracts/interfaces/IPriceBoard.sol";
import {ChangeKind} from "../../../contracts/interfaces/IVenueTimelock.sol";
import {BoardFixture} from "../BoardFixture.sol";

/// @dev Calls both boards as anybody might, honestly and not, and keeps books of what should have come of it.
contract BoardHandler is BoardFixture {
    uint256 private constant MOST_ROWS = 14;

    /// ABI-encoded: the compiler cannot copy nested structs to storage.
    bytes private _listed;
    bytes private _active;
    bytes private _proposedRows;
    bytes private _proposedSet;
    uint256 private _rowsReadyAt;
    uint256 private _setReadyAt;
    bytes32[] private _rows;
    uint256[] private _commitments;
    bytes32[] private _markets;
    bytes32 public activeDigest;
    uint64 public rounds;
    uint64 private _lastTime;
    uint64[4] private _lastUpdates;
    uint256 private _nextCommitment = 1000;

    /// What must never have happened.
    uint256 public activatedEarly;
    uint256 public forgeriesAccepted;
    uint256 public strangersHeard;
    uint256 public timesWentBack;
    uint256 public honestRefused;
    uint256 public boundsBroken;

    constructor() {
        // Pyth's fees.
        vm.deal(address(this), 1e18);
        setUp();
        _listed = abi.encode(listings());
        _active = abi.encode(parameters());
        activeDigest = board.parametersDigest(VENUE);
        for (uint256 i = 0; i < 8; ++i) {
            _rows.push(identityOf(i));
        }
    }

    // ---- books ----

    function rows() external view returns (uint256) {
        return _rows.length;
    }

    function rowIdentity(uint256 index) external view returns (bytes32) {
        return _rows[index];
    }

    /// @dev All of a row but its volatility.
    function identityOf(uint256 i) public view returns (bytes32) {
        return keccak256(
            abi.encode(
                board.instrument(VENUE, i).digest,
                board.instrument(VENUE, i).feed,
                board.instrument(VENUE, i).kind,
                board.instrument(VENUE, i).continues,
                board.instrument(VENUE, i).cap,
                board.instrument(VENUE, i).activationEpoch,
                board.instrument(VENUE, i).strike
            )
        );
    }

    function rowCount() external view returns (uint256) {
        return board.instrumentCount(VENUE);
    }

    function accepted() external view returns (uint256) {
        return _commitments.length;
    }

    function acceptedHash(uint256 i) external view returns (bytes32) {
        return _markets[i];
    }

    function marketHash(uint256 i) public view returns (bytes32) {
        uint256 commitment = _commitments[i];
        return keccak256(abi.encode(board.market(VENUE, commitment), board.acceptanceOf(VENUE, commitment)));
    }

    function boardDigest() external view returns (bytes32) {
        return board.parametersDigest(VENUE);
    }

    function boardRound() external view returns (uint64 id) {
        (id,) = prices.lastRound(VENUE);
    }

    // ---- time and prices ----

    function passTime(uint32 duration) public {
        vm.warp(block.timestamp + uint256(duration) % 12 hours);
    }

    function waitForTheTimelock() public {
        vm.warp(block.timestamp + TIMELOCK);
    }

    /// @dev Prices within and beyond the limit, times of before, of now and of later.
    function movePrices(uint256 seed, uint16 lag) public {
        uint256 last = prices.lastPrice(VENUE, 1).price;
        if (last == 0) last = BTC_PRICE;
        uint256 time = block.timestamp + 60 - uint256(lag) % 2 hours;
        aggregator.set(int256(bound(seed, last * 85 / 100, last * 115 / 100)), time);
        pushPyth(int64(uint64(ETH_PRICE)), 1e8, -8, block.timestamp);
    }

    function openRoundAs(uint256 seed, uint16 lag, uint128 price) public {
        uint256 last = prices.lastPrice(VENUE, 3).price;
        if (last == 0) last = XYZ_PRICE;
        PriceReport memory r = reportOf(
            uint128(bound(price, last * 88 / 100 + 1, last * 112 / 100)), block.timestamp - uint256(lag) % 30 minutes
        );
        if (seed % 8 == 0) r.prices[0] += 1;
        address caller = [OPERATOR, STRANGER, PARAMETERS][seed % 3];
        vm.prank(caller);
        (bool ok,) = address(prices).call(abi.encodeCall(prices.updatePrices, (VENUE, noUpdates(), r)));
        if (!ok) return;
        if (seed % 8 == 0) ++forgeriesAccepted;
        ++rounds;
        (, uint64 time) = prices.lastRound(VENUE);
        if (time < _lastTime) ++timesWentBack;
        _lastTime = time;
        for (uint256 i = 1; i < 4; ++i) {
            uint64 updated = prices.lastPrice(VENUE, i).updatedAt;
            if (updated < _lastUpdates[i] || updated > block.timestamp) ++timesWentBack;
            _lastUpdates[i] = updated;
        }
    }

    /// @dev A round that holds and a table of it, which random calls alone seldom reach between two timelocks.
    function roundAndTable(uint256 price, bool initial) public {
        uint256 last = prices.lastPrice(VENUE, 1).price;
        if (last == 0) last = BTC_PRICE;
        movePrices(bound(price, last * 97 / 100, last * 103 / 100), 60);
        openRoundAs(1, 0, uint128(prices.lastPrice(VENUE, 3).price));
        acceptTable(initial);
    }

    // ---- changes ----

    function proposeRow(uint256 seed) public {
        uint256 n = board.instrumentCount(VENUE);
        if (n >= MOST_ROWS) return;
        InstrumentListing[] memory list = new InstrumentListing[](1);
        bool option = seed % 3 == 0;
        Instrument memory last = board.instrument(VENUE, n - 1);
        bool tier = seed % 2 == 0 && last.kind == InstrumentKind.FUTURE && last.cap != 0;
        string memory index = Strings.toString(n);
        list[0].line = option
            ? string.concat(index, ",C,option,USD,8,0,0,0")
            : string.concat(
                index, ",P,future,USD,8,", Strings.toString(seed % 5), ",", tier ? index : "0", ",", Strings.toString(n)
            );
        list[0].feed = uint8(seed % 4);
        list[0].strike = option ? 7 : 0;
        if (!call(PARAMETERS, address(board), abi.encodeCall(board.proposeInstruments, (VENUE, list)))) return;
        (_proposedRows, _rowsReadyAt) = (abi.encode(list), block.timestamp + TIMELOCK);
    }

    function activateRow() public {
        if (_proposedRows.length == 0) return;
        InstrumentListing[] memory list = abi.decode(_proposedRows, (InstrumentListing[]));
        if (!call(PARAMETERS, address(board), abi.encodeCall(board.activateInstruments, (VENUE, list)))) return;
        if (block.timestamp < _rowsReadyAt) ++activatedEarly;
        _appendListed(list[0]);
        _rows.push(identityOf(_rows.length));
        delete _proposedRows;
    }

    function _appendListed(InstrumentListing memory row) private {
        InstrumentListing[] memory old = abi.decode(_listed, (InstrumentListing[]));
        InstrumentListing[] memory list = new InstrumentListing[](old.length + 1);
        for (uint256 i = 0; i < old.length; ++i) {
            list[i] = old[i];
        }
        list[old.length] = row;
        _listed = abi.encode(list);
    }

    /// @dev A word for every row that is listed or proposed, and one rate moved: within the bound, at it, or beyond.
    function proposeSet(uint256 seed, uint256 by) public {
        ParameterSet memory active = abi.decode(_active, (ParameterSet));
        uint256 n = board.instrumentCount(VENUE);
        ParameterSet memory next = ParameterSet(active.moves, new uint256[](n));
        for (uint256 i = 0; i < n; ++i) {
            next.words[i] = i < active.words.length ? active.words[i] : parameters().words[3];
        }
        uint256 row = seed % active.words.length;
        uint256 rate = (active.words[row] >> (24 * 6)) % 2 ** 24;
        uint256 permitted = 1_000 + rate * 50_000 / 1e6;
        by = bound(by, 0, 2 * permitted);
        next.words[row] += by << (24 * 6);
        if (!call(PARAMETERS, address(board), abi.encodeCall(board.proposeParameters, (VENUE, next, active)))) return;
        if (by > permitted) ++boundsBroken;
        (_proposedSet, _setReadyAt) = (abi.encode(next), block.timestamp + TIMELOCK);
    }

    function activateSet() public {
        if (!call(PARAMETERS, address(board), abi.encodeCall(board.activateParameters, (VENUE)))) return;
        if (_proposedSet.length == 0 || block.timestamp < _setReadyAt) ++activatedEarly;
        _active = _proposedSet;
        ParameterSet memory set = abi.decode(_active, (ParameterSet));
        activeDigest = keccak256(abi.encode(set.moves, set.words));
        delete _proposedSet;
    }

    function cancel(bool ofRows) public {
        ChangeKind kind = ofRows ? ChangeKind.INSTRUMENTS : ChangeKind.PARAMETERS;
        if (!call(ADMIN, address(board), abi.encodeCall(board.cancelChange, (VENUE, kind)))) return;
        if (ofRows) delete _proposedRows;
        else delete _proposedSet;
    }

    // ---- tables ----

    function acceptTable(bool initial) public {
        (MarketSubmission memory s, bool complete) = _honest(initial);
        if (!complete) return;
        (, uint64 time) = prices.lastRound(VENUE);
        bool fresh = block.timestamp - time <= TABLE_AGE;
        uint64 last = board.acceptanceOf(VENUE, board.latestMarket(VENUE, s.level)).round;
        bool ok = call(OPERATOR, address(board), abi.encodeCall(board.acceptMarket, (VENUE, s)));
        if (ok != (fresh && s.round.id > last)) ++honestRefused;
        if (!ok) return;
        _commitments.push(s.commitment);
        _markets.push(marketHash(_commitments.length - 1));
        ++_nextCommitment;
    }

    function forgeTable(uint256 seed) public {
        (MarketSubmission memory s, bool complete) = _honest(seed % 2 == 0);
        if (!complete) return;
        if (seed % 5 == 0) s.proof.a[0] += 1;
        else if (seed % 5 == 1) s.round.prices[seed % 4] += 1;
        else if (seed % 5 == 2) s.settlementAssets = 1;
        else if (seed % 5 == 3) s.parameters.words[0] += 1;
        else s.round.time += 1;
        if (call(OPERATOR, address(board), abi.encodeCall(board.acceptMarket, (VENUE, s)))) ++forgeriesAccepted;
    }

    /// @dev Everybody without the role, the other roles included.
    function withoutTheRole(uint256 seed) public {
        address caller = [OWNER, ADMIN, OPERATOR, STRANGER][seed % 4];
        bytes memory activation = abi.encodeCall(board.activateParameters, (VENUE));
        if (call(caller, address(board), activation)) ++strangersHeard;
        if (_proposedRows.length != 0) {
            InstrumentListing[] memory list = abi.decode(_proposedRows, (InstrumentListing[]));
            if (call(caller, address(board), abi.encodeCall(board.activateInstruments, (VENUE, list)))) {
                ++strangersHeard;
            }
        }
        (MarketSubmission memory s, bool complete) = _honest(false);
        if (!complete || caller == OPERATOR) return;
        if (call(caller, address(board), abi.encodeCall(board.acceptMarket, (VENUE, s)))) ++strangersHeard;
    }

    /// @dev Of the last round, with signed volatilities, over what is listed; incomplete while a row has no parameters or
    /// there is no round.
    function _honest(bool initial) private view returns (MarketSubmission memory s, bool complete) {
        InstrumentListing[] memory list = abi.decode(_listed, (InstrumentListing[]));
        s = draftTable(_nextCommitment);
        s.parameters = abi.decode(_active, (ParameterSet));
        if (rounds == 0 || s.parameters.words.length != list.length) return (s, false);
        for (uint256 i = 1; i < 4; ++i) {
            s.round.prices[i] = prices.lastPrice(VENUE, i).price;
        }
        if (initial) s.level = MarginLevel.INITIAL;
        uint256 options = 0;
        for (uint256 i = 0; i < list.length; ++i) {
            if (list[i].strike != 0) ++options;
        }
        s.volatilities = new uint32[](options);
        for (uint256 i = 0; i < options; ++i) {
            s.volatilities[i] = uint32(400_000 + i);
        }
        signVolatilities(s);
        s = sealTable(s, list, block.chainid, address(registry), VENUE);
        complete = true;
    }

    function call(address caller, address callee, bytes memory data) private returns (bool ok) {
        vm.prank(caller);
        (ok,) = callee.call(data);
    }
}
