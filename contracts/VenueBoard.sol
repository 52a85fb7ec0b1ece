// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IDisputeSource} from "./interfaces/IDisputeSource.sol";
import {ISolvencyRegistry, SettlementAsset, VenueConfig} from "./interfaces/ISolvencyRegistry.sol";
import {ScalarField} from "./libraries/ScalarField.sol";
import {StatementDomains} from "./StatementDomains.sol";

/// @title Venues, their roles, and the settlement assets their parameter admins register
/// @dev Everything but roles is append-only: an epoch's meaning never changes after it was accepted.
abstract contract VenueBoard is StatementDomains {
    uint256 private constant MOST_ASSETS = 128;

    mapping(uint256 venueId => VenueConfig) private _venues;
    mapping(uint256 venueId => address) private _pendingAdmins;
    mapping(uint256 venueId => SettlementAsset[]) private _assets;
    mapping(uint256 venueId => mapping(address token => bool)) private _isAssetToken;

    modifier onlyOperator(uint256 venueId) {
        if (msg.sender != _venue(venueId).operator) revert NotOperator(venueId, msg.sender);
        _;
    }

    modifier onlyVenueAdmin(uint256 venueId) {
        if (msg.sender != _venue(venueId).admin) revert NotVenueAdmin(venueId, msg.sender);
        _;
    }

    modifier onlyParameterAdmin(uint256 venueId) {
        if (msg.sender != _venue(venueId).parameterAdmin) revert NotParameterAdmin(venueId, msg.sender);
        _;
    }

    /// @inheritdoc ISolvencyRegistry
    function registerVenue(uint256 venueId, VenueConfig calldata config) external onlyOwner {
        // Venues v and v + p would share a base, and so each other's proofs.
        ScalarField.requireElement("venueId", venueId);
        if (_venues[venueId].admin != address(0)) revert VenueExists(venueId);
        _requireAddress("admin", config.admin);
        _requireAddress("operator", config.operator);
        _requireAddress("parameterAdmin", config.parameterAdmin);
        _requireAddress("fundToken", config.fundToken);
        _requireCode("reserves", address(config.reserves));
        _requireCode("markets", address(config.markets));
        if (address(config.disputes) != address(0)) _requireCode("disputes", address(config.disputes));
        if (config.valueUnitsPerFundUnit == 0) revert ZeroFundConversion();
        if (config.staleAfter == 0) revert InvalidWindow("staleAfter", 0);
        if (config.haltAfter < config.staleAfter) revert InvalidWindow("haltAfter", config.haltAfter);
        if (config.maxSubmissionAge == 0) revert InvalidWindow("maxSubmissionAge", 0);
        _venues[venueId] = config;
        emit VenueRegistered(venueId, _cacheDomains(venueId), config);
    }

    /// @inheritdoc ISolvencyRegistry
    function transferVenueAdmin(uint256 venueId, address to) external onlyVenueAdmin(venueId) {
        _pendingAdmins[venueId] = to;
        emit VenueAdminTransferStarted(venueId, msg.sender, to);
    }

    /// @inheritdoc ISolvencyRegistry
    function acceptVenueAdmin(uint256 venueId) external {
        _requireVenue(venueId);
        if (msg.sender != _pendingAdmins[venueId]) revert NotPendingVenueAdmin(venueId, msg.sender);
        delete _pendingAdmins[venueId];
        emit VenueAdminTransferred(venueId, _venues[venueId].admin, msg.sender);
        _venues[venueId].admin = msg.sender;
    }

    /// @inheritdoc ISolvencyRegistry
    function setOperator(uint256 venueId, address to) external onlyVenueAdmin(venueId) {
        _requireAddress("operator", to);
        emit OperatorChanged(venueId, _venues[venueId].operator, to);
        _venues[venueId].operator = to;
    }

    /// @inheritdoc ISolvencyRegistry
    function setParameterAdmin(uint256 venueId, address to) external onlyVenueAdmin(venueId) {
        _requireAddress("parameterAdmin", to);
        emit ParameterAdminChanged(venueId, _venues[venueId].parameterAdmin, to);
        _venues[venueId].parameterAdmin = to;
    }

    /// @inheritdoc ISolvencyRegistry
    function registerSettlementAssets(uint256 venueId, SettlementAsset[] calldata assets)
        external
        onlyParameterAdmin(venueId)
    {
        uint256 count = _assets[venueId].length + assets.length;
        if (count > MOST_ASSETS) revert TooManyAssets(venueId, count, MOST_ASSETS);
        for (uint256 i = 0; i < assets.length; ++i) {
            SettlementAsset calldata asset = assets[i];
            _requireAddress("token", asset.token);
            if (asset.unitsPerQuantum == 0) revert InvalidUnitsPerQuantum(asset.token);
            if (_isAssetToken[venueId][asset.token]) revert DuplicateToken(venueId, asset.token);
            _isAssetToken[venueId][asset.token] = true;
            emit SettlementAssetRegistered(venueId, _assets[venueId].length, asset.token, asset.unitsPerQuantum);
            _assets[venueId].push(asset);
        }
    }

    /// @inheritdoc ISolvencyRegistry
    function venue(uint256 venueId) external view returns (VenueConfig memory) {
        return _venue(venueId);
    }

    /// @inheritdoc ISolvencyRegistry
    function disputesOf(uint256 venueId) external view returns (IDisputeSource) {
        return _venue(venueId).disputes;
    }

    /// @inheritdoc ISolvencyRegistry
    function pendingVenueAdmin(uint256 venueId) external view returns (address) {
        return _pendingAdmins[venueId];
    }

    /// @inheritdoc ISolvencyRegistry
    function settlementAssets(uint256 venueId) external view returns (SettlementAsset[] memory) {
        return _assets[venueId];
    }

    /// @inheritdoc ISolvencyRegistry
    function settlementAsset(uint256 venueId, uint256 asset) external view returns (SettlementAsset memory) {
        if (asset >= _assets[venueId].length) revert UnknownAsset(venueId, asset);
        return _assets[venueId][asset];
    }

    function _venue(uint256 venueId) internal view returns (VenueConfig storage) {
        _requireVenue(venueId);
        return _venues[venueId];
    }

    function _assetAt(uint256 venueId, uint256 index) internal view returns (SettlementAsset storage) {
        return _assets[venueId][index];
    }

    function _assetTokens(uint256 venueId) internal view returns (address[] memory tokens) {
        SettlementAsset[] storage assets = _assets[venueId];
        tokens = new address[](assets.length);
        for (uint256 i = 0; i < tokens.length; ++i) {
            tokens[i] = assets[i].token;
        }
    }

    function _isVenue(uint256 venueId) internal view returns (bool) {
        return _venues[venueId].admin != address(0);
    }

    function _requireVenue(uint256 venueId) internal view override {
        if (!_isVenue(venueId)) revert UnknownVenue(venueId);
    }

    function _requireAddress(bytes32 what, address account) private pure {
        if (account == address(0)) revert ZeroAddress(what);
    }
}
