import { defineConfig } from 'vitest/config'
import { SummaryReporter } from './test/summary-reporter.js'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'benchmarks/**/*.test.ts'],
    pool: 'forks',
    reporters: ['default', new SummaryReporter()],
    disableConsoleIntercept: true,
    unstubEnvs: true,
    sequence: { shuffle: true },
    env: { TZ: 'UTC', LANG: 'C' },
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
})
