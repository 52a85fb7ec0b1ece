import { buildBn128 } from 'ffjavascript';
import type { CurveImage } from './curve-memory.js';

let shared: Promise<CurveImage> | undefined;

/**
 * BN254's WebAssembly module out of ffjavascript, compiled once a process.
 *
 * Threads are sent this image and never load ffjavascript themselves: a package it depends on takes over any thread it finds itself in.
 */
export function curveImage(): Promise<CurveImage> {
  shared ??= compileImage();
  return shared;
}

async function compileImage(): Promise<CurveImage> {
  const { tm } = await buildBn128(true);
  return { module: await WebAssembly.compile(tm.code), generators: { g1m: tm.pG1gen, g2m: tm.pG2gen } };
}
