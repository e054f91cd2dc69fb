import type { Reporter, TestModule } from 'vitest/node'

/** Closes the run with one plain line, `N passed, N failed[, N skipped]`; in CI a skipped test is a failure. */
export class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const states = modules.flatMap((module) => [...module.children.allTests()].map((test) => test.result().state))
    const count = (state: string): number => states.filter((one) => one === state).length
    // A file that could not even be loaded has no tests to count.
    const broken = modules.filter((module) => module.state() === 'failed' && module.errors().length > 0).length
    const skipped = count('skipped')
    const strict = process.env['CI'] !== undefined
    const failed = count('failed') + broken + errors.length + (strict ? skipped : 0)
    if (failed > 0) process.exitCode = 1
    const tail = skipped > 0 ? `, ${skipped} skipped` : ''
    process.stdout.write(`${count('passed')} passed, ${failed} failed${tail}\n`)
  }
}
