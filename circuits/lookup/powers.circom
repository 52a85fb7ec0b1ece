pragma circom 2.2.3;

/*
 * base^0 .. base^(COUNT-1).
 *
 * **Cost** COUNT - 2 constraints
 */
template Powers(COUNT) {
    signal input base;
    signal output power[COUNT];

    power[0] <== 1;
    for (var i = 1; i < COUNT; i++) {
        power[i] <== power[i - 1] * base;
    }
}
