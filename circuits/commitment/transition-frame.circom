pragma circom 2.2.3;

include "./hash-list.circom";
include "./statement-domain.circom";
include "./tags.circom";

/*
 * Under what an account changes: H(tag, domain, market commitment), one public signal that a contract computes once a circuit and table.
 *
 * @input  base, circuitId    opened, because trade commitments take the base alone
 * @input  marketCommitment
 * @output frame
 * **Cost** 522 constraints
 */
template TransitionFrame() {
    signal input base;
    signal input circuitId;
    signal input marketCommitment;
    signal output frame;

    component domain = StatementDomain();
    domain.base <== base;
    domain.circuitId <== circuitId;
    component list = HashList(tagTransitionFrame(), 2);
    list.elements <== [domain.domain, marketCommitment];
    frame <== list.hash;
}
