import { findProgram } from '../scripts/setup.mjs'

/** Whether tests that drive a program of the system can run here. */
export interface Need {
  readonly met: boolean
  /** For the name of the tests: why they are skipped; empty when they are not. */
  readonly reason: string
  /** Where the program is; empty when it is missing. */
  readonly path: string
}

/**
 * Looks for `program`, for `describe.skipIf(!need.met)(…)`. In CI nothing is skipped, as a test that is skipped where
 * nobody looks proves nothing.
 *
 * @throws Error in CI when the program is missing
 */
export function needs(program: string): Need {
  const path = findProgram(program)
  if (path !== null) return { met: true, reason: '', path }
  if (process.env['CI'] !== undefined) throw new Error(`Cannot run these tests in CI as ${program} is not installed`)
  return { met: false, reason: ` (skipped: ${program} is not installed, see npm run setup)`, path: '' }
}
