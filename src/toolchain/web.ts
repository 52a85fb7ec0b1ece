import { createHash } from 'node:crypto';
import { readFile, readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type InlineConfig } from 'vite';
import { ClearproofError } from '../error/clearproof-error.js';
import { sha256 } from '../groth16/key-manifest.js';
import { writeFileAtomically } from '../file/atomic-file.js';
import { runTool } from './command-line.js';

/** Where the pages lie. */
const WEB_DIRECTORY = 'build/web';
/** Lines of `sha256sum`, one a file, sorted by path. */
export const SUMS = 'SHA256SUMS';

const SOURCES = 'src/web';
const PAGES = ['index', 'board'] as const;

/** A built page refers to a script or style sheet in a form that no integrity can be put on. */
export class PageBuildError extends ClearproofError {
  readonly code = 'PAGE_BUILD';
}

/** One script and one style sheet a page: nothing is loaded later, and nothing of the machine or the environment enters. */
function configOf(page: (typeof PAGES)[number], outDir: string): InlineConfig {
  const root = resolve(SOURCES);
  return {
    configFile: false,
    envDir: false,
    root,
    // Pages work in any folder of any host.
    base: './',
    mode: 'production',
    publicDir: false,
    logLevel: 'warn',
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      outDir: resolve(outDir),
      emptyOutDir: false,
      target: 'es2022',
      modulePreload: false,
      reportCompressedSize: false,
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 8_192,
      rolldownOptions: { input: join(root, `${page}.html`), output: { codeSplitting: false } },
    },
    // An inlined worker is part of the script, whose integrity the page states.
    worker: { format: 'iife', rolldownOptions: { output: { codeSplitting: false } } },
  };
}

/**
 * Builds both pages. The same sources give the same bytes wherever they are built.
 *
 * @returns SHA-256 of SHA256SUMS, hex: one hash over all files
 * @throws PageBuildError
 */
export async function buildPages(outDir: string = WEB_DIRECTORY): Promise<string> {
  await rm(outDir, { recursive: true, force: true });
  for (const page of PAGES) {
    await build(configOf(page, outDir));
    const file = join(outDir, `${page}.html`);
    await writeFileAtomically(file, await withIntegrity(await readFile(file, 'utf8'), outDir));
  }
  const files = (await readdir(outDir, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(outDir, '/').length))
    .sort();
  const lines = await Promise.all(files.map(async (name) => `${sha256(await readFile(join(outDir, name)))}  ${name}\n`));
  const sums = lines.join('');
  await writeFileAtomically(join(outDir, SUMS), sums);
  return sha256(sums);
}

const TAG = /<(?:script|link)\b[^>]*>/g;
const REFERENCE = /\s(?:src|href)="\.\/(assets\/[A-Za-z0-9._-]+\.(?:js|css))"/;

/** Every script and style sheet with its SHA-384: a browser runs no other. */
async function withIntegrity(html: string, outDir: string): Promise<string> {
  const tags = new Map<string, string>();
  for (const [tag] of html.matchAll(TAG)) {
    const name = REFERENCE.exec(tag)?.[1];
    if (name !== undefined) {
      const digest = createHash('sha384').update(await readFile(join(outDir, name))).digest('base64');
      tags.set(tag, tag.replace(/>$/, ` integrity="sha384-${digest}">`));
    } else if (/^<script|rel="(?:stylesheet|modulepreload)"/.test(tag)) {
      throw new PageBuildError(`the tag ${tag} names no file below assets/: give every script and style sheet a file of its own`, { tag });
    }
  }
  return html.replace(TAG, (tag) => tags.get(tag) ?? tag);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await runTool(async () => {
    await buildPages();
  });
}
