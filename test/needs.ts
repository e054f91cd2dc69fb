import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Whether tests that need a system tool can run here. */
export interface Need {
  readonly met: boolean
  /** For the test's name: why it is skipped; empty when it isn't. */
  readonly reason: string
}

/**
 * Looks for `tool` on the PATH, for `describe.skipIf(!need.met)`. In CI every tool has to be there: a test that is
 * skipped where nobody looks proves nothing.
 *
 * @throws Error in CI when the tool is missing
 */
export function needs(tool: string): Need {
  const names = process.platform === 'win32' ? [`${tool}.exe`, `${tool}.cmd`] : [tool]
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  if (folders.some((folder) => names.some((name) => isExecutable(join(folder, name))))) return { met: true, reason: '' }
  const reason = `${tool} is not on the PATH`
  if (process.env['CI'] !== undefined && process.env['CI'] !== '') {
    throw new Error(`Cannot run these tests in CI as ${reason}: install it in the workflow`)
  }
  return { met: false, reason: ` (skipped: ${reason})` }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    // Not there or not ours to run: both mean no.
    return false
  }
}
