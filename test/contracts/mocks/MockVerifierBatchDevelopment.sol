// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {MockVerifierBatch} from "./MockVerifierBatch.sol";

/// @dev Without constructor arguments, as generated verifiers are deployed.
contract MockVerifierBatchDevelopment is MockVerifierBatch(true) {}
