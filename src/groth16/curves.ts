import { buildBn128, type Curve } from 'ffjavascript';

/** ffjavascript keeps the one curve it shares, and its threads, here. */
const shared = globalThis as { curve_bn128?: Curve | null };

let building: Promise<Curve> | undefined;

/**
 * Has the shared curve made, once. Await it before every call into snarkjs: two calls that both find no curve would both make
 * one, and the threads of the one that is overwritten would never end.
 */
export async function requireCurve(singleThread = false): Promise<Curve> {
  building ??= buildBn128(singleThread);
  // snarkjs takes the curve from here; with a single thread ffjavascript does not put it there itself.
  const curve = await building;
  shared.curve_bn128 = curve;
  return curve;
}

/**
 * Ends the threads that snarkjs leaves running, so that a program can exit. Call it when no proof is being made or verified;
 * the next use starts them again.
 */
export async function releaseCurves(): Promise<void> {
  const curve = (await building) ?? shared.curve_bn128;
  building = undefined;
  shared.curve_bn128 = null;
  await curve?.terminate();
}

/** Makes snarkjs work in this thread alone from now on. For processes that are themselves one of several workers. */
export async function useOneThread(): Promise<void> {
  await releaseCurves();
  await requireCurve(true);
}
