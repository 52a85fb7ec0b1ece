'use strict';
const { mkdirSync, writeFileSync } = require('node:fs');
const { relative } = require('node:path');
const { reporters, Runner } = require('mocha');

/**
 * The spec reporter, which also leaves the totals, what failed, and how long each file took, in build/report/, in the file that REPORT
 * names, for `make test` to add up.
 */
module.exports = class extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const failed = [];
    const seconds = new Map();
    const spend = ({ file, duration = 0 }) => {
      const name = relative(process.cwd(), file ?? '');
      seconds.set(name, (seconds.get(name) ?? 0) + duration / 1000);
    };
    runner.on(Runner.constants.EVENT_TEST_FAIL, (test, error) => {
      failed.push(`${test.fullTitle()}: ${String(error?.message ?? error).split('\n', 1)[0]}`);
    });
    runner.on(Runner.constants.EVENT_TEST_END, spend);
    runner.on(Runner.constants.EVENT_HOOK_END, spend);
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      mkdirSync('build/report', { recursive: true });
      const { passes = 0, failures = 0, pending = 0 } = this.stats;
      const slowest = [...seconds].sort(([, some], [, others]) => others - some).map(([file, spent]) => [file, Math.round(spent * 10) / 10]);
      writeFileSync(`build/report/${process.env.REPORT ?? 'mocha.json'}`, `${JSON.stringify({ passed: passes, failed: failures, skipped: pending, titles: failed, seconds: Object.fromEntries(slowest) })}\n`);
    });
  }
};
