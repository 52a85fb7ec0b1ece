/** Whose secrets everybody knows. */
export interface KnownTrapdoor {
  /** For people: "the development set-up of solvency-close-u16-s2". */
  readonly name: string;
  /** SHA-256 of the circuit that the secrets are hashed from; undefined for the test phase 1, which serves every circuit. */
  readonly r1csSha256?: string;
}

/**
 * What public trapdoors a key can be told by, whatever it calls itself: alpha goes unchanged from phase 1 through every contribution to
 * phase 2, and whoever knows alpha and beta forges (forgeWithPhaseOne). Each: circuit, SHA-256 of its constraints, x of alpha.
 *
 * A development key of constraints that are not here is not told by the key alone; the manifest's hash of the constraints tells it
 * (forgeWithKnownTrapdoor). Entries stay when circuits change: keys made from them are about. `test/groth16/forgery.test.ts`
 * computes each again and says which line is missing.
 */
const DEVELOPMENT_ALPHAS: readonly (readonly [circuit: string, r1csSha256: string, alphaX: string])[] = [
  ['account-exit-k4-s2-d2', 'e4f4c8370a9ff14b44defe7852f2291339f764a73d781edd8e8011f1e81e2cd1', '099aee61e76a859db2a0d16d170296a16a110bb3a84936280f0600c8e194d0c7'],
  ['account-exit-k8-s8-d3', '1a8aafa232635ea410ebb02ebb0dfe21ceca1b85711672fd83b06d25777457e7', '2e03822587f4756d16b20c01efea2ce2502bba7affdc0eecf026e73ff8f45a6f'],
  ['account-inclusion-k3-d2', 'c568403c5da2b04373094236ed2fc0aea8d37900c3ea70558509861acd98b639', '04b74f3082a47140b4d56d44ce3be6bb2f1cd3ec31c57a9b87162a8bf57e2af1'],
  ['account-inclusion-k5-d2', '7f60087809a259d3370649c78df096462be369d2ea97c20e14c9cb9150071cd8', '0e4c3f61def96491a27dea85f6d06292efbbaa4b6f5b17942035512fcaf9cea5'],
  ['account-inclusion-k8-d3', '0a95199fa328e631b14b075285a877f39847cd397783284db701b394318ec429', '112737bae07cd20bcb115769f377b3817d0cc166623d17ad3f202f3f922da627'],
  ['account-margin-k4-s2-d2', '3b90dcb6dc759cbc2c12fb72dd08dd0170d762898a1ff02c5cace425990315fe', '16c735360172c4e2547c9bedd9a3e4fbd0b1244dcd24c3c0af8821901c09c730'],
  ['account-margin-k4-s2-d2', '10b5ec8d1028f42efc165a1e28d27b11c9e38f632e539932459e3a4f592dff83', '14b2b5e6ddeff933d47c84f6b63a5f2a22983b437e4fe5ddbf411471cb866bb6'],
  ['account-margin-k50-s16-d5', '52602ffc601cce1c6a4eb4181d5fe1c49547250d8b3c6b7319b52a61dd0516a3', '23af869fc5fc1c29ac6d43e2c650fef3f9f2c47339c039de76077246396653eb'],
  ['account-margin-k8-s8-d3', '028e4861d0f72a2c5e4b6443e55038830aeb4b12d1943e44427fb0c25dd97b4b', '1d6cfca1cafd95636925cbbd6247ae8ab4eb59ccece6daecc8876a834b948f0b'],
  ['account-margin-k8-s8-d3', '4bda7e1c219c720c8dc5c1b502645c5dc722a90fa330fa0bc83078df1075aa0c', '11103dd04744d809b27819fee6ba63ab4c2072bd0533195688fbfc032e8b18f3'],
  ['account-signer', 'a789ebbd476f6303898dd0e266068da8301a70987e8ae26216d308bc271fd5d3', '0035b6e193ca325b695c02726e11f6845b30dabc0a6b2e3df5df505b9934b639'],
  ['account-transition-k4-s2', 'ef8876a1a365bca433390e5a8b81f238df64fe951c27412053954fbe49a5e634', '2aed7c7f8081a6637da9a6971befedf4cf9842cdcfeb46eef6e3a343be4bdbe5'],
  ['account-transition-k4-s2', '26c01fb82c2c0c43e6b47a8909ed9133e57408b1ef104fde6a64bbcef38e2389', '15b064b0d5c8375771a328e169ee586234927265fed9cd3319c1a641349b63f0'],
  ['account-transition-k5-s2', '09546cd7197a72289c3d62a41af0657c93745b4157f52db86550a9b32826207f', '2969e95a6d28059b8a39e8405b768f1cda93a6534cbc664e9c04940113c81208'],
  ['account-transition-k5-s2', '8023db77fbaf33b1ed7ed364b6da0d27494ee377f6405a062dcb9a630cd88333', '139918e774469e77e1a90fed61d30e93e4d2279fd1df84ebae1eafcfba3a6087'],
  ['account-transition-k8-s8', 'd99c93ba94294c2ab72dd1e4b9616c9cb510e5fb45ce69c442483737984423c0', '097f2a767723d8d9c5e1f583138aa319ee75c434bb6779b1b2419d9492f4fddf'],
  ['account-transition-k8-s8', 'b0b64290ac8351c08990f6b9f87e7db5364e0620fb3fe93d2b71abbef9afd992', '1bebe021139cf0e074734ee7d0e1e6efc4df10652d5f163a04feec56105f8bf5'],
  ['market-table-u112-s16', '3a2d1b7c51a9530d39126a7e9bc0c83d3f62e2060fae73c0ae33fd0f82cdd277', '17d0e78f163dbeff3301a6fbcafd8df899ba34082de48bac046001fe5a09f2b5'],
  ['market-table-u16-s2', '3e437690bc8ddfa97e53d020f272c93e1be6eae8b85ea3af5ed72060395edeee', '1b01ae4148ac3f2168356d51583ff3fded1157cebde39580eda386cce810664b'],
  ['market-table-u32-s2-t', 'e5ada7aff91334e1ddb19cd0bac4eac2e0d27343e035b9b383b79da6ef428cce', '1fb699906d0d598c50d36763bf8277158f7a15cf5d7897a06ba8335467175832'],
  ['market-table-u32-s8', '2353e20ca73d19b2b8b4949034eae0cc7a029cde7a5c510e9e234107dfdcb20c', '25d95cd6c38d2dd31d00d2879e57ca6c00c4905d95754120200711920bd6c5d3'],
  ['row-mark-s2', '1306d8037bf54c4d4cea8466dd36ad6ea778482ca8a4a94632e7f47f318462d4', '14ea8b7c172927b203632d095cd4d4433f0d593073ebc34ef9b2d534d2c1d472'],
  ['row-mark-s8', '4585c6dab87a88c273ea5a947aa0e64a3a2759d3652ede482ad2b486c8c2790f', '20ecb795aaffd9e693e43d6e0059d30ad32d3acf859cb268e487f47e8b6bb2ad'],
  ['solvency-batch-n16-k3-s2', 'c3e26544370ed7a1e40f46f518c50d0ed7911948ad0b78947a1d24f4be0afa82', '23676724272f2dcca0f636b962388f22810ea7191537c835fcf7422e58caadf4'],
  ['solvency-batch-n16-k5-s2-t2', 'c3cea0d8cd7581368a09c39da0f79cc726dbf8417d6c1d46dc951ea1662615a1', '299b8651132de59f23cfa5dd127ce21dbbd1c6dbe2362751457a984cc8d555c5'],
  ['solvency-batch-n32-k8-s8', 'f0591460da147ff0c23620f613bc8fdfe85ab5a86436527ab64c8dedd62a5ca2', '26a4bdeec0b5263946b58f355e0b488420ba18ab9ecd52416a468211aa33f23f'],
  ['solvency-close-end-s2-d2-t2', 'eae8e2ff77e087d5ca0531daffc66243823957629919fe5dd63c5034336acb0b', '0a5d28da87e628ebc1488286e2bec410967d9d3bb5b3a02582076a99350055f6'],
  ['solvency-close-part-r16-s2-t2', '2aa3cc055a9c52e3b1adc8fdc72848db4f757e0402acd5caf02c86d3d0640b29', '1b32bc30181aa2f12949b59c7409a4105f2639b594d2e8559f418e24208b6dfe'],
  ['solvency-close-u16-s2', 'd54e2eca51725c3b1246151b388b80d169271356782a07c509030d86f48ef77a', '1baaf258a469b96dfecdb4a462470751625e56ea5e27ef554cff4031b50158bb'],
  ['solvency-close-u32-s2-t2', '149041f5962de1f496345a7615d0a1f14be6c5c717823f78ebfd65be2eb21e6c', '2bef7336a1cdbc571bc54facbfc974437379eeb840a802db1653b5657bde65b9'],
  ['solvency-close-u32-s8', '64ff6b82de3c014c6e85ef47616f2612bc1dddb5572fa6af1e9c9a54ba2f44dd', '1a8d1d7ce28da1abb427b7fb3475644ee7018e8f6c42157435eed3c8f88f076f'],
];

/** x of alpha of the test phase 1 (DEVELOPMENT_POWERS). */
const TEST_PHASE_ONE_ALPHA = '087f1091c9b37e396a2b31b3075468c223f1bb2a0f9caf59a07ffc955b17c2d7';

const BY_ALPHA: ReadonlyMap<bigint, KnownTrapdoor> = new Map<bigint, KnownTrapdoor>([
  [BigInt(`0x${TEST_PHASE_ONE_ALPHA}`), { name: 'the test phase 1' }],
  ...DEVELOPMENT_ALPHAS.map(([circuit, r1csSha256, alphaX]) => [BigInt(`0x${alphaX}`), { name: `the development set-up of ${circuit}`, r1csSha256 }] as const),
]);

/** The public trapdoor that a key was made from, as far as its alpha tells; undefined where it tells nothing. Runs in a browser. */
export function knownTrapdoorOf({ alpha: [x] }: { readonly alpha: readonly [bigint, bigint] }): KnownTrapdoor | undefined {
  return BY_ALPHA.get(x);
}

/** All of them, for whoever computes them again. */
export function knownTrapdoors(): ReadonlyMap<bigint, KnownTrapdoor> {
  return BY_ALPHA;
}
