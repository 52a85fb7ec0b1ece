// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IAccountProofs} from "../interfaces/IAccountProofs.sol";
import {IClearingHouse} from "../interfaces/IClearingHouse.sol";
import {IClearingTerms} from "../interfaces/IClearingTerms.sol";
import {IDefaultFund} from "../interfaces/IDefaultFund.sol";
import {ILiquidations} from "../interfaces/ILiquidations.sol";
import {IMarketBoard} from "../interfaces/IMarketBoard.sol";
import {LiquidationRules} from "../interfaces/LiquidationTypes.sol";
import {ChangeKind} from "../interfaces/IVenueTimelock.sol";
import {ISolvencyRegistry} from "../interfaces/ISolvencyRegistry.sol";
import {LiquidationPrices} from "../libraries/LiquidationPrices.sol";
import {VenueTimelock} from "../market/VenueTimelock.sol";

/// @title A venue's rules for liquidations, and the parts that they are carried out with
abstract contract LiquidationRulesBoard is VenueTimelock, ILiquidations {
    /// @inheritdoc ILiquidations
    uint96 public constant PRESSING = 8;
    /// @inheritdoc ILiquidations
    uint32 public constant MIN_WINDOW = 60;
    /// @inheritdoc ILiquidations
    uint8 public constant MOST_DUST = 16;
    uint256 private constant WORD_BYTES = 32;

    /// @inheritdoc ILiquidations
    IClearingHouse public immutable HOUSE;
    /// @inheritdoc ILiquidations
    IAccountProofs public immutable PROOFS;
    /// @inheritdoc ILiquidations
    IDefaultFund public immutable FUND;
    IClearingTerms internal immutable _terms;

    /// @dev A timelock of 0 where there are none.
    mapping(uint256 venueId => LiquidationRules) private _rules;

    constructor(IClearingHouse house, IAccountProofs proofs, IDefaultFund fund, uint256 minTimelock)
        VenueTimelock(_registryOf(house), minTimelock)
    {
        if (address(proofs).code.length == 0) revert NoCode("proofs", address(proofs));
        if (address(fund).code.length == 0) revert NoCode("fund", address(fund));
        if (address(fund.HOUSE()) != address(house)) revert PartOfAnotherRegistry(address(fund));
        (HOUSE, PROOFS, FUND) = (house, proofs, fund);
        _terms = house.TERMS();
    }

    /// @inheritdoc ILiquidations
    function proposeRules(uint256 venueId, LiquidationRules calldata rules) external onlyParameterAdmin(venueId) {
        _requireRules(venueId, rules);
        if (_rules[venueId].timelock == 0) {
            _requireBoard(venueId);
            return _setRules(venueId, rules);
        }
        emit LiquidationRulesProposed(venueId, rules);
        _propose(venueId, ChangeKind.LIQUIDATION_RULES, keccak256(abi.encode(rules)));
    }

    /// @inheritdoc ILiquidations
    function activateRules(uint256 venueId, LiquidationRules calldata rules) external onlyParameterAdmin(venueId) {
        _activate(venueId, ChangeKind.LIQUIDATION_RULES, keccak256(abi.encode(rules)));
        // The band may be another one since.
        _requireRules(venueId, rules);
        _setRules(venueId, rules);
    }

    /// @inheritdoc ILiquidations
    function rulesOf(uint256 venueId) external view returns (LiquidationRules memory) {
        return _rules[venueId];
    }

    /// @dev Reverts for a venue without rules.
    function _rulesOf(uint256 venueId) internal view returns (LiquidationRules memory rules) {
        rules = _rules[venueId];
        if (rules.timelock == 0) revert NoRules(venueId);
    }

    function _timelockOf(uint256 venueId) internal view override returns (uint256) {
        return _rulesOf(venueId).timelock;
    }

    /// @dev A venue with rules has one: what tables a venue has never changes.
    function _boardOf(uint256 venueId) internal view returns (IMarketBoard) {
        return IMarketBoard(address(_venue(venueId).markets));
    }

    function _setRules(uint256 venueId, LiquidationRules calldata rules) private {
        _rules[venueId] = rules;
        emit LiquidationRulesActivated(venueId, rules);
    }

    function _requireRules(uint256 venueId, LiquidationRules calldata rules) private view {
        _requireTimelock(rules.timelock);
        if (rules.bond == 0 || rules.bond > type(uint96).max / PRESSING) revert InvalidRules("bond", rules.bond);
        uint256 longest = type(uint32).max;
        for (uint256 i = 0; i < rules.windows.length; ++i) {
            uint256 window = rules.windows[i];
            if (window < MIN_WINDOW || window > longest) revert InvalidRules("windows", window);
            longest = window;
        }
        if (rules.fall == 0) revert InvalidRules("fall", 0);
        // A price outside the band has no proof.
        uint256 most = uint256(rules.maxDiscount) + rules.penalty;
        if (most >= _terms.rulesOf(venueId).band) revert InvalidRules("maxDiscount", most);
        if (rules.maxSubsidy > LiquidationPrices.PPM) revert InvalidRules("maxSubsidy", rules.maxSubsidy);
        uint256 shares = uint256(rules.keeperShare) + rules.fundShare;
        if (shares > LiquidationPrices.PPM) revert InvalidRules("keeperShare", shares);
    }

    /// @dev Which table is the latest only a board says.
    function _requireBoard(uint256 venueId) private view {
        (bool ok, bytes memory answer) =
            address(_venue(venueId).markets).staticcall(abi.encodeCall(IMarketBoard.PRICES, ()));
        if (!ok || answer.length != WORD_BYTES) revert NoMarketBoard(venueId);
    }

    /// @dev Before any part is asked for anything: an address without code answers nothing.
    function _registryOf(IClearingHouse house) private view returns (ISolvencyRegistry) {
        if (address(house).code.length == 0) revert NoCode("house", address(house));
        return house.REGISTRY();
    }
}
