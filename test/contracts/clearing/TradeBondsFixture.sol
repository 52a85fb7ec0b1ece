// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {TradeBonds} from "../../../contracts/TradeBonds.sol";
import {Settlement, Trade, Transition} from "../../../contracts/interfaces/ClearingTypes.sol";
import {IClearingHouse} from "../../../contracts/interfaces/IClearingHouse.sol";
import {Agreement, AgreementState} from "../../../contracts/interfaces/ITradeBonds.sol";
import {MockTradeHouse} from "../mocks/MockTradeHouse.sol";
import {TestBase} from "../TestBase.sol";

/// @dev Two accounts at a stand-in house whose controllers agreed on a trade, each with two ether to stand in with.
abstract contract TradeBondsFixture is TestBase {
    uint256 internal constant BUYER_KEY = 0xB0B;
    uint256 internal constant SELLER_KEY = 0x5E11;
    uint256 internal constant BOND = 1 ether;
    uint64 internal constant BUYER_HANDLE = 1;
    uint64 internal constant SELLER_HANDLE = 2;
    uint64 internal constant START = 1_800_000_000;
    uint64 internal constant EXPIRY = START + 1 hours;
    address internal constant STRANGER = address(0x57);

    MockTradeHouse internal house;
    TradeBonds internal bonds;
    address internal buyer;
    address internal seller;
    uint64 internal window;

    function setUp() public virtual {
        vm.warp(START);
        house = new MockTradeHouse();
        bonds = new TradeBonds(IClearingHouse(address(house)));
        window = bonds.RESPONSE_WINDOW();
        (buyer, seller) = (vm.addr(BUYER_KEY), vm.addr(SELLER_KEY));
        house.setAccount(BUYER_HANDLE, 101, buyer);
        house.setAccount(SELLER_HANDLE, 201, seller);
        fund(buyer, 2 * BOND);
        fund(seller, 2 * BOND);
    }

    function fund(address who, uint256 amount) internal {
        vm.deal(who, amount);
        vm.prank(who);
        bonds.addBond{value: amount}();
    }

    // ---- agreements ----

    function agreed() internal pure returns (Agreement memory) {
        return Agreement(Trade(BUYER_HANDLE, SELLER_HANDLE, EXPIRY, 777), BOND);
    }

    /// @dev From the words of the interface, not from the contract.
    function digestOf(Agreement memory a) internal view returns (bytes32) {
        bytes32 domainHash = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Clearproof TradeBonds"),
                keccak256("1"),
                block.chainid,
                address(bonds)
            )
        );
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256("Agreement(uint256 tradeCommitment,uint64 buyer,uint64 seller,uint64 expiry,uint256 bond)"),
                a.trade.commitment,
                a.trade.buyer,
                a.trade.seller,
                a.trade.expiry,
                a.bond
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domainHash, structHash));
    }

    function signed(uint256 key, Agreement memory a) internal view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digestOf(a));
        return abi.encodePacked(r, s, v);
    }

    function register(Agreement memory a) internal {
        bytes memory ofBuyer = signed(BUYER_KEY, a);
        bytes memory ofSeller = signed(SELLER_KEY, a);
        vm.prank(STRANGER);
        bonds.register(a, ofBuyer, ofSeller);
    }

    function refuseRegister(Agreement memory a, bytes memory ofBuyer, bytes memory ofSeller, bytes memory reason)
        internal
    {
        vm.expectRevert(reason);
        bonds.register(a, ofBuyer, ofSeller);
    }

    function state() internal view returns (AgreementState memory) {
        return bonds.stateOf(digestOf(agreed()));
    }

    // ---- sides ----

    /// @dev Proven for what the account is now.
    function sideOf(Agreement memory a, bool ofSeller) internal view returns (Transition memory side) {
        side.newCommitment = ofSeller ? 202 : 102;
        side.owned = true;
        side.proof.a[0] = house.sealOf(a.trade, ofSeller, side);
    }

    function settlementOf(Agreement memory a) internal view returns (Settlement memory) {
        return Settlement(a.trade, sideOf(a, false), sideOf(a, true));
    }

    function present(bool ofSeller) internal {
        present(ofSeller, "");
    }

    function present(bool ofSeller, bytes memory receipt) internal {
        Transition memory side = sideOf(agreed(), ofSeller);
        bonds.present(agreed(), ofSeller, side, receipt);
    }

    /// @dev The account does something else.
    function move(bool ofSeller, uint256 commitment) internal {
        house.setAccount(ofSeller ? SELLER_HANDLE : BUYER_HANDLE, commitment, ofSeller ? seller : buyer);
    }

    function pass(uint256 duration) internal {
        vm.warp(block.timestamp + duration);
    }

    function expire() internal {
        vm.warp(EXPIRY + 1);
    }

    function assertBonds(uint256 ofBuyer, uint256 ofSeller) internal view {
        assertEq(bonds.bondOf(buyer), ofBuyer, "the buyer's");
        assertEq(bonds.bondOf(seller), ofSeller, "the seller's");
        assertEq(address(bonds).balance, 4 * BOND, "all of it is here");
    }
}
