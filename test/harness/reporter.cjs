'use strict';
const { mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const { relative } = require('node:path');
const { reporters, Runner } = require('mocha');

/** Of Linux, whatever the machine. */
const TICKS_A_SECOND = 100;

/** Seconds of processor time of this process and of the children that have ended; undefined where the system does not tell. */
function processorSeconds() {
  try {
    const stat = readFileSync('/proc/self/stat', 'utf8');
    // utime, stime, cutime, cstime: fields 14 to 17, counted behind the program's name, which may hold spaces.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ').slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS_A_SECOND;
  } catch {
    return undefined;
  }
}

/**
 * The spec reporter, which also leaves the totals, what failed, and how long each file took, by the clock and on processors, in
 * build/report/, in the file that REPORT names, for `make test` to add up.
 */
module.exports = class extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const failed = [];
    const [seconds, processor] = [new Map(), new Map()];
    let before = processorSeconds();
    const spend = ({ file, duration = 0 }) => {
      const name = relative(process.cwd(), file ?? '');
      seconds.set(name, (seconds.get(name) ?? 0) + duration / 1000);
      const now = processorSeconds();
      if (now !== undefined) processor.set(name, (processor.get(name) ?? 0) + now - before);
      before = now;
    };
    runner.on(Runner.constants.EVENT_TEST_FAIL, (test, error) => {
      failed.push(`${test.fullTitle()}: ${String(error?.message ?? error).split('\n', 1)[0]}`);
    });
    runner.on(Runner.constants.EVENT_TEST_END, spend);
    runner.on(Runner.constants.EVENT_HOOK_END, spend);
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      mkdirSync('build/report', { recursive: true });
      const { passes = 0, failures = 0, pending = 0 } = this.stats;
      const slowest = (spent) => Object.fromEntries([...spent].sort(([, some], [, others]) => others - some).map(([file, time]) => [file, Math.round(time * 10) / 10]));
      const report = { passed: passes, failed: failures, skipped: pending, titles: failed, seconds: slowest(seconds), processor: slowest(processor) };
      writeFileSync(`build/report/${process.env.REPORT ?? 'mocha.json'}`, `${JSON.stringify(report)}\n`);
    });
  }
};
