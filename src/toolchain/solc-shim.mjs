#!/usr/bin/env node
// forge starts a program `solc`; npm ships the compiler as WebAssembly. This is the command line forge uses, and no more:
// --version, and --standard-json on standard input. Path options are dropped: forge puts every source in the input.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const solc = createRequire(import.meta.url)('solc');
const options = process.argv.slice(2);

if (options.includes('--version')) {
  // forge parses "Version: x.y.z+…"; npm's text has the form "x.y.z+commit.….Emscripten.clang".
  process.stdout.write(`solc, the solidity compiler commandline interface\nVersion: ${solc.version()}\n`);
} else if (options.includes('--standard-json')) {
  process.stdout.write(solc.compile(readFileSync(0, 'utf8')));
} else {
  process.stderr.write('solc-shim knows --version and --standard-json only\n');
  process.exitCode = 2;
}
