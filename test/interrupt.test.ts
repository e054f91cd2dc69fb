import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'

// The signals are real and go to a process of their own: what counts is how that process ends.
const PROGRAM = `
  const { catchInterrupts } = await import(${JSON.stringify(new URL('../dist/core/interrupt.js', import.meta.url).href)})
  const { signal } = catchInterrupts(() => process.stdout.write('stopping\\n'))
  const keepAlive = setInterval(() => undefined, 1000)
  signal.addEventListener('abort', () => {
    if (process.argv[1] === 'tidy') clearInterval(keepAlive)
    process.exitCode = signal.reason.exitCode
  })
  for (let phone = 0; phone < 12; phone += 1) signal.addEventListener('abort', () => undefined)
  console.log('ready')
`

interface Ended {
  readonly code: number | null
  readonly stderr: string
}

async function interrupted(kind: 'tidy' | 'stubborn', signals: readonly NodeJS.Signals[], read = true): Promise<Ended> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM, kind], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exit = once(child, 'close')
  const stderr = text(child.stderr)
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  for (const signal of signals) {
    await lines.next()
    if (!read) child.stdout.destroy()
    child.kill(signal)
  }
  const [code] = (await exit) as [number | null]
  return { code, stderr: await stderr }
}

test.each([
  ['a first SIGINT lets the program end by itself with 130', 'tidy', ['SIGINT'], 130],
  ['a first SIGTERM lets it end by itself with 143', 'tidy', ['SIGTERM'], 143],
  ['a first SIGHUP lets it end by itself with 129', 'tidy', ['SIGHUP'], 129],
  ['a second SIGINT leaves at once with 130', 'stubborn', ['SIGINT', 'SIGINT'], 130],
] as const)('%s', async (_name, kind, signals, code) => {
  expect(await interrupted(kind, signals)).toEqual({ code, stderr: '' })
})

test('a hang-up whose terminal reads no more still lets the program end by itself', async () => {
  expect(await interrupted('tidy', ['SIGHUP'], false)).toEqual({ code: 129, stderr: '' })
})
