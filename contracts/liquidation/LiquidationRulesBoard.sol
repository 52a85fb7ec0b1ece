// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IAccountProofs} from "../interfaces/IAccountProofs.sol";
import {IClearingHouse} from "../interfaces/IClearingHouse.sol";
import {IClearingTerms} from "../interfaces/IClearingTerms.sol";
import {IDefaultFund} from "../interfaces/IDefaultFund.sol";
import {ILiquidations} from "../interfaces/ILiquidations.sol";
import {LiquidationRules} from "../interfaces/LiquidationTypes.sol";
import {ChangeKind} from "../interfaces/IVenueTimelock.sol";
import {IPoseidon6} from "../interfaces/IPoseidon6.sol";
import {ISolvencyRegistry} from "../interfaces/ISolvencyRegistry.sol";
import {LiquidationBounds} from "../libraries/LiquidationBounds.sol";
import {LiquidationJudge} from "./LiquidationJudge.sol";
import {VenueTimelock} from "../market/VenueTimelock.sol";

/// @title A venue's rules for liquidations, and the parts that they are carried out with
abstract contract LiquidationRulesBoard is VenueTimelock, ILiquidations {
    /// @inheritdoc ILiquidations
    uint96 public constant PRESSING = LiquidationBounds.PRESSING;
    /// @inheritdoc ILiquidations
    uint32 public constant MIN_WINDOW = LiquidationBounds.MIN_WINDOW;
    /// @inheritdoc ILiquidations
    uint8 public constant MOST_DUST = LiquidationBounds.MOST_DUST;

    /// @inheritdoc ILiquidations
    IClearingHouse public immutable HOUSE;
    /// @inheritdoc ILiquidations
    IAccountProofs public immutable PROOFS;
    /// @inheritdoc ILiquidations
    IDefaultFund public immutable FUND;
    /// @inheritdoc ILiquidations
    IPoseidon6 public immutable POSEIDON6;
    IClearingTerms internal immutable _terms;
    /// @dev A contract of its own: one has no room for all.
    LiquidationJudge internal immutable _judge;

    /// @dev A timelock of 0 where there are none.
    mapping(uint256 venueId => LiquidationRules) private _rules;

    constructor(
        IClearingHouse house,
        IAccountProofs proofs,
        IDefaultFund fund,
        IPoseidon6 poseidon6,
        uint256 minTimelock
    ) VenueTimelock(_registryOf(house), minTimelock) {
        if (address(proofs).code.length == 0) revert NoCode("proofs", address(proofs));
        if (address(fund).code.length == 0) revert NoCode("fund", address(fund));
        if (address(fund.HOUSE()) != address(house)) revert PartOfAnotherRegistry(address(fund));
        (HOUSE, PROOFS, FUND, POSEIDON6) = (house, proofs, fund, poseidon6);
        _terms = house.TERMS();
        _judge = new LiquidationJudge(house, poseidon6);
    }

    /// @inheritdoc ILiquidations
    function proposeRules(uint256 venueId, LiquidationRules calldata rules) external onlyParameterAdmin(venueId) {
        _requireTimelock(rules.timelock);
        _judge.requireRules(venueId, rules);
        if (_rules[venueId].timelock == 0) return _setRules(venueId, rules);
        emit LiquidationRulesProposed(venueId, rules);
        _propose(venueId, ChangeKind.LIQUIDATION_RULES, keccak256(abi.encode(rules)));
    }

    /// @inheritdoc ILiquidations
    function activateRules(uint256 venueId, LiquidationRules calldata rules) external onlyParameterAdmin(venueId) {
        _activate(venueId, ChangeKind.LIQUIDATION_RULES, keccak256(abi.encode(rules)));
        // The band may be another one since.
        _judge.requireRules(venueId, rules);
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

    function _setRules(uint256 venueId, LiquidationRules calldata rules) private {
        _rules[venueId] = rules;
        emit LiquidationRulesActivated(venueId, rules);
    }

    /// @dev Before any part is asked for anything: an address without code answers nothing.
    function _registryOf(IClearingHouse house) private view returns (ISolvencyRegistry) {
        if (address(house).code.length == 0) revert NoCode("house", address(house));
        return house.REGISTRY();
    }
}
