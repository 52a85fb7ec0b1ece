// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {CircuitKind} from "../../../contracts/interfaces/CircuitTypes.sol";
import {AccountTerms} from "../../../contracts/interfaces/IAccountProofs.sol";
import {SatelliteExit} from "../../../contracts/interfaces/ISatelliteVault.sol";
import {GateMode} from "../../../contracts/interfaces/ISolvencyGate.sol";
import {MirrorCircuit, MirrorRules} from "../../../contracts/interfaces/ISolvencyMirror.sol";
import {AccountTermsWord} from "../../../contracts/libraries/AccountTermsWord.sol";
import {SolvencyBeacon} from "../../../contracts/SolvencyBeacon.sol";
import {SolvencyMirror} from "../../../contracts/SolvencyMirror.sol";
import {MockMirrorProofs} from "../mocks/MockMirrorProofs.sol";
import {HatchFixture} from "./HatchFixture.sol";

/// @dev [P-303] The gateway stops while prices fall: the home gate closes for what it cannot count, the mirror for what it does not hear,
/// and the satellite pays by proof. With the mirror itself.
contract GatewayDownTest is HatchFixture {
    uint64 private constant STANDING_STALE = 20 minutes;
    uint64 private constant STANDING_HALT = 2 hours;

    SolvencyBeacon private beacon;
    bool private _down;

    function newMirror() internal override returns (address) {
        beacon = new SolvencyBeacon(gate, registry);
        away(0);
        MirrorCircuit[] memory circuits = new MirrorCircuit[](1);
        circuits[0] = MirrorCircuit(MARGIN, CircuitKind.ACCOUNT_MARGIN, 9, keccak256("key"));
        SolvencyMirror made = new SolvencyMirror(
            ADMIN,
            HOME,
            address(registry),
            address(beacon),
            poseidon3,
            poseidon5,
            new MockMirrorProofs(),
            circuits,
            MirrorRules(STANDING_STALE, STANDING_HALT, 0),
            gateways(),
            GATEWAY_DELAY
        );
        home();
        return address(made);
    }

    function mirrorEpoch(uint64) internal override {
        deliverToMirror(beacon.makeEpoch(HELD));
    }

    function testGatewayDownDuringACrash() public {
        deliverToMirror(beacon.makeStanding(HELD));
        assertEq(uint256(mode()), uint256(GateMode.REDUCE_ONLY), "the epoch is three hours old");
        openSnapshot();
        acceptClaims([uint256(2 * QUANTA), QUANTA, 0]);
        assertEq(uint256(registry.mode(HELD)), uint256(GateMode.OPEN), "home is open");
        assertEq(uint256(mode()), uint256(GateMode.OPEN), "and so is the mirror");
        // Nothing arrives any more.
        _down = true;
        letStand();
        openSnapshot();
        assertEq(counted(0, 0), 0, "nobody reported");
        acceptClaims([uint256(2 * QUANTA), QUANTA, 0]);
        assertEq(uint256(registry.mode(HELD)), uint256(GateMode.WITHDRAW_ONLY), "home: only exits");
        assertEq(uint256(mode()), uint256(GateMode.HALT), "the mirror hears nothing");
        assertFalse(hub.isLive(1), "claims are frozen");
        openFarHatch();
        registerFarExit(ALICE, 0);
        registerFarExit(BOB, 0);
        registerFarExit(ALICE, 1);
        pass(CLAIM_WINDOW);
        collectFor(ALICE, 0);
        collectFor(BOB, 0);
        collectFor(ALICE, 1);
        assertEq(far.balanceOf(ALICE) + far.balanceOf(BOB), 2 * MUCH, "all of it, to its owners");
        assertEq(odd.balanceOf(ALICE), MUCH, "and of the other token");
        assertEq(uint256(mode()), uint256(GateMode.HALT), "still closed");
    }

    function mode() private view returns (GateMode) {
        return SolvencyMirror(address(mirror)).mode(HELD);
    }

    function deliverToMirror(bytes memory payload) private {
        if (_down) return;
        away(0);
        gateway.deliverFrom(HOME, address(beacon), address(mirror), payload);
        home();
    }

    function registerFarExit(address account, uint16 token) private {
        SatelliteExit memory e = draftExit(account, token, QUANTA);
        AccountTerms memory terms;
        (terms.healthy, terms.withdraws, terms.unmargined) = (true, true, true);
        terms.payload = uint80(ROW + token) + uint80(QUANTA) * 2 ** 16;
        away(0);
        terms.context = mirror.contextOf(address(satellites[0]), satellites[0].exitAction(token, account));
        uint256 base = poseidon5.poseidon([uint256(16), HOME, uint160(address(registry)), HELD, 1]);
        uint256 root = registry.epochAt(HELD, farBase).accountsRoot;
        uint256 frame = poseidon5.poseidon(
            [uint256(24), domain(base, MARGIN), farBase, root, e.claim.marketCommitment]
        );
        e.claim.proof.a[0] = uint256(
            keccak256(
                abi.encodePacked(frame, AccountTermsWord.pack(terms), e.claim.nullifier, e.claim.nullifierNext)
            )
        );
        satellites[0].registerExit(e);
        home();
    }
}
