// `npm run check`: everything that must hold besides the tests. Each check says what to run to mend it.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

const CHECKS = [
  { name: 'types', entry: 'typescript/bin/tsc', args: ['-p', 'tsconfig.test.json'], mend: 'mend the types' },
  {
    name: 'lint',
    entry: 'oxlint/bin/oxlint',
    args: ['--deny-warnings', '--report-unused-disable-directives'],
    mend: 'mend the code',
  },
  { name: 'format', entry: 'oxfmt/bin/oxfmt', args: ['--check'], mend: 'npm run format' },
  { name: 'dead code', entry: 'knip/bin/knip.js', args: [], mend: 'delete what nothing needs' },
]

for (const { name, entry, args, mend } of CHECKS) {
  const { status } = spawnSync(process.execPath, [join(ROOT, 'node_modules', entry), ...args], {
    cwd: ROOT,
    stdio: 'inherit',
  })
  if (status !== 0) {
    console.error(`${name}: failed; ${mend}`)
    process.exitCode = 1
  } else {
    console.error(`${name}: ok`)
  }
}
