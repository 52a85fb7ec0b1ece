pragma circom 2.2.3;

include "../arithmetic/range-check.circom";
include "./absorb.circom";
include "./statement-domain.circom";
include "./tags.circom";

/*
 * Where an account proof stands: H(tag(source), domain, epoch, anchor, market commitment). One public signal for what is the
 * same for all accounts of an epoch; the contract computes it from what it holds.
 *
 * @input  base, circuitId    opened, because nullifiers take the base alone
 * @input  epoch
 * @input  source             0: the anchor is the root of an accounts tree, 1: it is one account's commitment
 * @input  anchor
 * @input  marketCommitment
 * @output frame
 * **Requires** source is 0 or 1
 * **Ensures**  0 <= epoch < 2^32
 * **Cost**     620 constraints
 */
template AccountFrame() {
    signal input base;
    signal input circuitId;
    signal input epoch;
    signal input source;
    signal input anchor;
    signal input marketCommitment;
    signal output frame;

    component range = RangeCheck(32);
    range.in <== epoch;
    component domain = StatementDomain();
    domain.base <== base;
    domain.circuitId <== circuitId;
    component list = Absorb(4);
    list.state <== tagFrame() + source * (1 << 16);
    list.elements <== [domain.domain, epoch, anchor, marketCommitment];
    frame <== list.next;
}
