// `npm run demo`: the main job on a bare clone. Installs npm packages only, builds, starts a virtual phone whose clock
// runs 120 times as fast, measures its battery for half an hour of its time, and says where the report is.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from './build.mjs'
import { childrenOf } from './children.mjs'
import { installPackages } from './setup.mjs'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const TIME_SCALE = '120'

const children = childrenOf(ROOT)

/** Runs the built CLI; resolves with its stdout. Progress and errors go to this terminal. */
function dala(...args) {
  console.error(`$ dala ${args.join(' ')}`)
  return children.run(process.execPath, [join(ROOT, 'bin', 'dala.js'), ...args])
}

try {
  installPackages()
  await build()
  const started = await dala(
    'virtual',
    'start',
    '--profile',
    'samsung-a35',
    '--seed',
    '7',
    '--time-scale',
    TIME_SCALE,
    '--detach',
    '--json',
  )
  const [phone] = JSON.parse(started).devices
  try {
    process.stdout.write(await dala('devices'))
    const run = JSON.parse(await dala('bench', 'battery', '--device', phone.id, '--duration', '30m', '--json'))
    console.log(`\n${run.headline}\n`)
    console.log(`Report: ${run.files.html}`)
    console.log(`        ${run.files.markdown}`)
  } finally {
    await dala('virtual', 'stop', phone.id)
  }
} catch (error) {
  console.error(error.message)
  process.exitCode ??= 1
} finally {
  children.release()
}
