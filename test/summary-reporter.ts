import type { Reporter, TestCase, TestModule } from 'vitest/node'

/** Closes the run with one plain line, `N passed, N failed[, N skipped]`; in CI a skipped test is a failure. */
export class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    const states = tests.map((test) => test.result().state)
    const count = (state: string): number => states.filter((one) => one === state).length
    // A file that could not even be loaded has no tests to count.
    const broken = modules.filter((module) => module.state() === 'failed' && module.errors().length > 0).length
    const skipped = count('skipped')
    const strict = process.env['CI'] !== undefined
    const failed = count('failed') + broken + errors.length + (strict ? skipped : 0)
    if (failed > 0) process.exitCode = 1
    for (const [reason, number] of skipReasons(tests)) process.stdout.write(`skipped ${number} tests: ${reason}\n`)
    const tail = skipped > 0 ? `, ${skipped} skipped` : ''
    process.stdout.write(`${count('passed')} passed, ${failed} failed${tail}\n`)
  }
}

/** How many tests were skipped for each reason; the reason stands in the name of their suite, `… (skipped: REASON)`. */
function skipReasons(tests: readonly TestCase[]): Map<string, number> {
  const reasons = new Map<string, number>()
  for (const test of tests.filter((one) => one.result().state === 'skipped')) {
    const reason = /\(skipped: (.*?)\)/.exec(test.fullName)?.[1] ?? test.fullName
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
  }
  return reasons
}
