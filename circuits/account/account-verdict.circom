pragma circom 2.2.3;

include "../arithmetic/signed-excess.circom";

/*
 * Holds a verdict against an account's excesses.
 *
 * @param  S, W     scenarios, bits of an excess
 * @input  excess   E_0..E_S
 * @input  healthy, held   the verdict: one of them, or neither
 * **Requires** they are 0 or 1, and healthy and held not both 1
 * **Ensures**  healthy: every E_s >= 0; neither: some E_s < 0; in both -2^(W-1) <= E_s < 2^(W-1). Held: nothing about them
 * **Cost**     W + 2 constraints an excess
 */
template AccountVerdict(S, W) {
    signal input excess[S + 1];
    signal input healthy;
    signal input held;

    component claim[S + 1];
    signal healthySoFar[S + 2];
    healthySoFar[0] <== 1;
    for (var s = 0; s <= S; s++) {
        claim[s] = SignedExcess(W);
        claim[s].excess <== (1 - held) * excess[s];
        healthySoFar[s + 1] <== healthySoFar[s] * claim[s].nonNegative;
    }
    healthy * (1 - healthySoFar[S + 1]) === 0;
    (1 - healthy - held) * healthySoFar[S + 1] === 0;
}
