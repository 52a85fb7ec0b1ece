import { readKeyManifest } from '../../groth16/key-manifest.js';
import type { Pin } from '../../store/pins.js';
import { keyManifestDigest } from '../worker/key-manifest-digest.js';
import type { ServiceParts } from './service-parts.js';

/** What this host would pin a store to: its program, and its keys of the venue's circuits. */
export async function pinOf({ program, checked: { config: { keysFolder, venue } } }: Pick<ServiceParts, 'program' | 'checked'>): Promise<Pin> {
  return { program: program.version, manifestSha256: keyManifestDigest(await readKeyManifest(keysFolder), keysFolder, venue.circuits) };
}
