pragma circom 2.2.3;

include "../arithmetic/below-constant.circom";
include "../commitment/hash-list.circom";
include "../commitment/tags.circom";

/*
 * The moves of all scenarios and their digest.
 *
 * @param  S          scenarios
 * @input  scanMove   P_s, sixtieths of the scan range
 * @input  basisMove  B_s, sixtieths of the basis rate
 * @output digest     H(tag(S); P_1, B_1, ... P_S, B_S), 0 without scenarios
 * **Ensures** -255 <= move <= 255
 * **Cost**    about 120 constraints a scenario
 */
template ScenarioMoves(S) {
    signal input scanMove[S];
    signal input basisMove[S];
    signal output digest;

    component range[S][2];
    component list;
    if (S > 0) {
        list = HashList(tagOf(tagScenarios(), S, 0, 0, 0, 0), 2 * S);
        for (var s = 0; s < S; s++) {
            range[s][0] = BelowConstant(511);
            range[s][0].in <== scanMove[s] + 255;
            range[s][1] = BelowConstant(511);
            range[s][1].in <== basisMove[s] + 255;
            list.elements[2 * s] <== scanMove[s];
            list.elements[2 * s + 1] <== basisMove[s];
        }
        digest <== list.hash;
    } else {
        digest <== 0;
    }
}
