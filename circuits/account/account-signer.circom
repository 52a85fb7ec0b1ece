pragma circom 2.2.3;

include "../arithmetic/range-check.circom";
include "../commitment/account-key.circom";
include "../commitment/nullifier.circom";
include "../commitment/statement-domain.circom";

/*
 * Whose signing key stands behind the nullifiers of an account in two epochs. Statement: docs/statement.md.
 *
 * **Requires** domain, epochs and signer are the contract's own
 * **Cost**     see test/snapshots/constraints.json
 */
template AccountSigner() {
    // ---- Public ----
    signal input domain;
    signal input epochs;
    signal input nullifier;
    signal input laterNullifier;
    signal input signer;

    // ---- Private ----
    signal input base;
    signal input circuitId;
    signal input epoch;
    signal input laterEpoch;
    signal input secret;
    signal input userId;
    signal input subAccount;

    // 1. Which venue, and which epochs: 32 bits each, so that the word has one reading.
    component where = StatementDomain();
    where.base <== base;
    where.circuitId <== circuitId;
    where.domain === domain;
    component epochRange = RangeCheck(32);
    epochRange.in <== epoch;
    component laterRange = RangeCheck(32);
    laterRange.in <== laterEpoch;
    epochs === epoch + (1 << 32) * laterEpoch;

    // 2. One key, with this signer in it, behind both.
    component own = AccountKey();
    own.secret <== secret;
    own.signer <== signer;
    own.userId <== userId;
    own.subAccount <== subAccount;
    component name = Nullifier();
    name.key <== own.key;
    name.base <== base;
    name.epoch <== epoch;
    name.scope <== 0;
    name.hash === nullifier;
    component laterName = Nullifier();
    laterName.key <== own.key;
    laterName.base <== base;
    laterName.epoch <== laterEpoch;
    laterName.scope <== 0;
    laterName.hash === laterNullifier;
}
