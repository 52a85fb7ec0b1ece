import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { parsePlan } from '../../src/ceremony/ceremony-format.js';
import { Output } from '../../src/cli/output.js';

describe('what a command prints', () => {
  /** As an escape that names a window and clears a screen, and a text that runs backwards. */
  const HOSTILE = '\u001b]0;mine\u0007\u001b[2J\u009b31m\u202ekcab';

  function printed(use: (output: Output) => void): string {
    let text = '';
    const stream = (): Writable => new Writable({ write: (chunk: Buffer, _, done) => { text += chunk.toString(); done(); } });
    use(new Output(false, stream(), stream()));
    return text;
  }

  it('commands no terminal, whatever it quotes: results, progress, errors', () => {
    const shown = '\\u{1b}]0;mine\\u{7}\\u{1b}[2J\\u{9b}31m\\u{202e}kcab';
    assert.equal(printed((output) => output.say(`a\tb\n${HOSTILE}`)), `a\tb\n${shown}\n`);
    assert.equal(printed((output) => output.progress(HOSTILE)), `${shown}\n`);
    const failed = printed((output) => output.fail(new Error(HOSTILE)));
    assert.ok(failed.startsWith(`unexpected error: Error: ${shown}\n`), failed);
  });

  it('has INSECURE in red on a terminal, and as plain text in a file', () => {
    let text = '';
    const terminal = Object.assign(new Writable({ write: (chunk: Buffer, _, done) => { text += chunk.toString(); done(); } }), { isTTY: true });
    const { NO_COLOR } = process.env;
    delete process.env.NO_COLOR;
    try {
      new Output(false, terminal, terminal).say('this key is INSECURE');
    } finally {
      if (NO_COLOR !== undefined) process.env.NO_COLOR = NO_COLOR;
    }
    assert.equal(text, 'this key is \u001b[1;31mINSECURE\u001b[0m\n');
    assert.equal(printed((output) => output.say('this key is INSECURE')), 'this key is INSECURE\n');
  });

  it('is harmless for a ceremony\'s record that is no JSON, of which the error quotes the beginning', () => {
    const failed = printed((output) => {
      try {
        parsePlan(HOSTILE, 'ceremony.json');
      } catch (error) {
        output.fail(error);
      }
    });
    assert.match(failed, /^error: ceremony\.json is not JSON \(.*\\u\{1b\}.*\[CEREMONY_RECORD\]\n$/);
    assert.doesNotMatch(failed.slice(0, -1), /\p{Cc}/u);
  });
});
