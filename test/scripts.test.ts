import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const scriptUrl = (name: string): string => new URL(`../scripts/${name}`, import.meta.url).href

const SCRIPT = `
  const { childrenOf } = await import(${JSON.stringify(scriptUrl('children.mjs'))})
  const children = childrenOf(process.cwd())
  const node = (text) => children.run(process.execPath, ['-e', text])
  try {
    await node('process.stderr.write("ready"); setInterval(() => undefined, 1000)')
  } catch {
    process.stdout.write('ended; ')
  } finally {
    process.stdout.write(await node('process.stdout.write("tidied up")'))
    children.release()
  }
`

test.skipIf(process.platform === 'win32').each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('a script whose child runs tidies up after %s', async (signal, exitCode) => {
  // A group of its own, which a terminal's Ctrl-C goes to as a whole.
  const script = spawn(process.execPath, ['--input-type=module', '-e', SCRIPT], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const closed = once(script, 'close')
  const stdout = text(script.stdout)
  await once(script.stderr, 'data')
  const { pid = 0 } = script
  process.kill(signal === 'SIGINT' ? -pid : pid, signal)
  expect([(await closed)[0], await stdout]).toEqual([exitCode, 'ended; tidied up'])
})

test.skipIf(process.platform !== 'linux')('the set-up goes on without apt, and says what to type', async () => {
  const bin = await mkdtemp(join(tmpdir(), 'dala-apt-'))
  try {
    // In the place of the real ones: an apt that fails, and a sudo and an env that run what they are given.
    const programs = { 'apt-get': 'exit 100', sudo: 'shift; exec "$@"', env: 'shift; exec "$@"', true: 'exit 0' }
    for (const [name, body] of Object.entries(programs)) {
      await writeFile(join(bin, name), `#!/bin/sh\n${body}\n`)
      await chmod(join(bin, name), 0o755)
    }
    const setup = spawn(process.execPath, [fileURLToPath(scriptUrl('setup.mjs')), '--tools-only'], {
      env: { PATH: bin },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const stderr = text(setup.stderr)
    expect((await once(setup, 'close'))[0]).toBe(0)
    expect(await stderr).toMatch(
      /apt-get.* ended with exit code 100[^]*will be skipped[^]*sudo apt-get install -y adb /,
    )
  } finally {
    await rm(bin, { recursive: true })
  }
})
