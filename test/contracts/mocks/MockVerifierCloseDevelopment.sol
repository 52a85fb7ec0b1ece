// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {MockVerifierClose} from "./MockVerifierClose.sol";

/// @dev Without constructor arguments, as generated verifiers are deployed.
contract MockVerifierCloseDevelopment is MockVerifierClose(true) {}
