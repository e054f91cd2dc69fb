import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/**
 * Whether a test can use `tool`. Null: it is on the PATH. Otherwise why the test is skipped; under CI a tool that is
 * missing is an error, as a test that never runs proves nothing.
 */
export function needs(tool: string): { readonly missing: string | null; readonly path: string } {
  const names = process.platform === 'win32' ? [`${tool}.exe`, tool] : [tool]
  for (const directory of (process.env['PATH'] ?? '').split(delimiter)) {
    for (const name of names) {
      const path = join(directory, name)
      if (isExecutable(path)) return { missing: null, path }
    }
  }
  const missing = `${tool} is not on the PATH`
  if (process.env['CI'] !== undefined && process.env['CI'] !== '') throw new Error(`Cannot run this test as ${missing}`)
  return { missing, path: '' }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    // Not there, or not for us to run: the same to the caller.
    return false
  }
}
