// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {StatedMarkets} from "../../../contracts/demo/StatedMarkets.sol";
import {ClearingRules, ExpirySettlement, ExpiryTerms} from "../../../contracts/interfaces/ClearingTypes.sol";
import {IGroth16Verifier} from "../../../contracts/interfaces/IGroth16Verifier.sol";
import {IClearingTerms} from "../../../contracts/interfaces/IClearingTerms.sol";
import {Instrument, InstrumentKind} from "../../../contracts/interfaces/IMarketBoard.sol";
import {MarginLevel} from "../../../contracts/interfaces/IMarketSource.sol";
import {Action} from "../../../contracts/interfaces/IPriceBoard.sol";
import {ISolvencyRegistry} from "../../../contracts/interfaces/ISolvencyRegistry.sol";

interface IVerdictStatement {
    function holdsVerdict(uint256[4] memory signals) external view returns (bool);
}

/// @dev Takes a proof that was made for these signals, where what they say is true.
contract VerdictVerifier is IGroth16Verifier {
    bytes32 public constant verificationKeyHash = keccak256("verdicts");
    bool public constant isDevelopmentKey = true;
    IVerdictStatement private immutable _statement;

    constructor(IVerdictStatement statement) {
        _statement = statement;
    }

    function verifyProof(
        uint256[2] calldata a,
        uint256[2][2] calldata,
        uint256[2] calldata,
        uint256[4] calldata signals
    ) external view returns (bool) {
        return a[0] == uint256(keccak256(abi.encode(signals))) && _statement.holdsVerdict(signals);
    }
}

/// @dev A market board as far as liquidations ask: tables are stated, and which is the latest.
contract BoardStandIn is StatedMarkets {
    mapping(uint256 venueId => mapping(MarginLevel => uint256)) public latestMarket;
    /// @dev Of rows 0, 1, …: cash, spot, entry, perpetual, option.
    uint256 public constant ROWS = 5;
    uint48 private immutable _strike;

    constructor(ISolvencyRegistry registry, uint48 strike) StatedMarkets(registry) {
        _strike = strike;
    }

    function setLatest(uint256 venueId, MarginLevel level, uint256 commitment) external {
        latestMarket[venueId][level] = commitment;
    }

    function PRICES() external view returns (address) {
        return address(this);
    }

    function instrumentCount(uint256) external pure returns (uint256) {
        return ROWS;
    }

    function instrument(uint256, uint256 row) external view returns (Instrument memory listed) {
        listed.kind = [
            InstrumentKind.CASH,
            InstrumentKind.SPOT,
            InstrumentKind.ENTRY,
            InstrumentKind.PERPETUAL,
            InstrumentKind.OPTION
        ][row];
        if (listed.kind == InstrumentKind.OPTION) listed.strike = _strike;
    }
}

/// @dev Terms of one venue with one perpetual and no expiry, whose liquidation contract is a real one.
contract LiquidationTerms {
    ISolvencyRegistry public immutable REGISTRY;

    uint32 public period;
    bool public stopped;
    address private _liquidations;
    mapping(uint32 period => int64) private _sums;
    ClearingRules private _rules;
    uint16 private immutable _perpetual;

    constructor(ISolvencyRegistry registry, ClearingRules memory rules, uint16 perpetual) {
        (REGISTRY, _rules, _perpetual) = (registry, rules, perpetual);
    }

    function name(address liquidations) external {
        _liquidations = liquidations;
    }

    function accrue(int64 rate) external {
        _sums[period + 1] = _sums[period] + rate;
        ++period;
    }

    /// @dev Of prices too old, or a sequencer that is down.
    function stop(bool stopped_) external {
        stopped = stopped_;
    }

    function standing(uint256) external view returns (ClearingRules memory, uint32) {
        return (_rules, period);
    }

    function rulesOf(uint256) external view returns (ClearingRules memory) {
        return _rules;
    }

    function pricesAllow(uint256, Action) external view returns (bool) {
        return !stopped;
    }

    function liquidationsOf(uint256) external view returns (address) {
        return _liquidations;
    }

    function expiryOf(uint256, uint16) external pure returns (ExpiryTerms memory, ExpirySettlement memory) {}

    function rateSince(uint32 fromPeriod) public view returns (int64) {
        return _sums[period] - _sums[fromPeriod];
    }

    function fundingSince(uint256, uint32 fromPeriod)
        external
        view
        returns (uint16 payRow, uint16[] memory groups, int64[] memory rates)
    {
        if (fromPeriod > period) revert IClearingTerms.FundingPeriodUnknown(fromPeriod, period);
        (groups, rates) = (new uint16[](1), new int64[](1));
        (groups[0], rates[0]) = (_perpetual, rateSince(fromPeriod));
        payRow = 0;
    }
}
