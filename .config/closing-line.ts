import type { Reporter, TestCase } from "vitest/node";

/** Ends a run on one line that a person and a pipeline can both read: `N passed, N failed`. */
export default class ClosingLine implements Reporter {
  readonly #counts = { passed: 0, failed: 0, skipped: 0, pending: 0 };

  onTestCaseResult(test: TestCase): void {
    this.#counts[test.result().state] += 1;
  }

  onTestRunEnd(_modules: unknown, errors: readonly unknown[]): void {
    const { passed, failed, skipped, pending } = this.#counts;
    const left = skipped + pending;
    const line = `${passed} passed, ${failed + errors.length} failed${left > 0 ? `, ${left} skipped` : ""}`;
    process.stdout.write(`\n${line}\n`);
  }
}
