'use strict';
const { mkdirSync, writeFileSync } = require('node:fs');
const { reporters, Runner } = require('mocha');

/** The spec reporter, which also leaves the totals, and what failed, in build/report/mocha.json for `make test` to add up. */
module.exports = class extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const failed = [];
    runner.on(Runner.constants.EVENT_TEST_FAIL, (test, error) => {
      failed.push(`${test.fullTitle()}: ${String(error?.message ?? error).split('\n', 1)[0]}`);
    });
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      mkdirSync('build/report', { recursive: true });
      const { passes = 0, failures = 0, pending = 0 } = this.stats;
      writeFileSync('build/report/mocha.json', `${JSON.stringify({ passed: passes, failed: failures, skipped: pending, titles: failed })}\n`);
    });
  }
};
