// `npm test`: set-up, build, all tests (or those named as arguments). Ends with a plain line `N passed, N failed`.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

const run = (script, args = []) =>
  spawnSync(process.execPath, [join(ROOT, script), ...args], { cwd: ROOT, stdio: 'inherit' }).status ?? 1

process.exitCode =
  run('scripts/setup.mjs') ||
  run('scripts/build.mjs') ||
  run('node_modules/vitest/vitest.mjs', ['run', ...process.argv.slice(2)])
