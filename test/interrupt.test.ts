import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { expect, test } from 'vitest'

// The signals are real and go to a process of their own: what counts is how that process ends.
const PROGRAM = `
  const { catchInterrupts } = await import(${JSON.stringify(new URL('../dist/core/interrupt.js', import.meta.url).href)})
  const { signal } = catchInterrupts(() => console.log('stopping'))
  const keepAlive = setInterval(() => undefined, 1000)
  signal.addEventListener('abort', () => {
    if (process.argv[1] === 'tidy') clearInterval(keepAlive)
    process.exitCode = signal.reason.exitCode
  })
  console.log('ready')
`

async function interrupted(kind: 'tidy' | 'stubborn', signals: readonly NodeJS.Signals[]): Promise<number | null> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM, kind], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exit = once(child, 'exit')
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  for (const signal of signals) {
    await lines.next()
    child.kill(signal)
  }
  const [code] = (await exit) as [number | null]
  return code
}

test.each([
  ['a first SIGINT lets the program end by itself with 130', 'tidy', ['SIGINT'], 130],
  ['a first SIGTERM lets it end by itself with 143', 'tidy', ['SIGTERM'], 143],
  ['a second SIGINT leaves at once with 130', 'stubborn', ['SIGINT', 'SIGINT'], 130],
] as const)('%s', async (_name, kind, signals, code) => {
  expect(await interrupted(kind, signals)).toBe(code)
})
