import { findProgram } from '../scripts/setup.mjs'

/**
 * For `describe.skipIf(needs('adb').missing)` and test titles: null when the program is there, otherwise the reason to
 * skip. In CI nothing is skipped: the test runs, and fails for want of the program.
 */
export function needs(...programs: readonly string[]): { readonly missing: string | null } {
  const missing = programs.filter((program) => findProgram(program) === null)
  if (missing.length === 0 || process.env['CI'] !== undefined) return { missing: null }
  return { missing: `${missing.join(', ')} is not installed: npm run setup` }
}
