import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { ShellResult } from '../../src/devices/types.js'
import { createPhone, type Phone, type PhoneOptions } from '../../src/devices/virtual/phone.js'
import { FakeClock } from './fake-clock.js'

/** A virtual phone whose time a test moves, and its shell. */
export interface TestPhone {
  readonly phone: Phone
  readonly clock: FakeClock
  readonly rootDir: string
  /** Runs a command line; null is the interactive shell. */
  readonly sh: (commandLine: string | null, stdin?: string) => Promise<ShellResult & { readonly exitCode: number }>
  /** What a command line that must succeed prints, without the line end at its end. */
  readonly out: (commandLine: string) => Promise<string>
  /** Moves the phone's time on. */
  readonly passS: (phoneSeconds: number) => Promise<void>
}

/** Boots a phone for the running test, which removes it when it ends. */
export async function bootPhone(options: Partial<PhoneOptions> = {}): Promise<TestPhone> {
  const clock = new FakeClock()
  const rootDir = await mkdtemp(join(tmpdir(), 'dala-phone-'))
  onTestFinished(() => rm(rootDir, { recursive: true, force: true }))
  const timeScale = options.timeScale ?? 1
  const phone = await createPhone({
    profile: 'moto-g-64',
    seed: 1,
    timeScale,
    serial: 'VP0001',
    rootDir,
    clock,
    ...options,
  })
  // Hooks run in reverse: the phone is off before its folder goes.
  onTestFinished(() => phone.close())
  const sh = (commandLine: string | null, stdin = ''): ReturnType<TestPhone['sh']> => runOn(phone, commandLine, stdin)
  return {
    phone,
    clock,
    rootDir,
    sh,
    async out(commandLine) {
      const { stdout, stderr, exitCode } = await sh(commandLine)
      if (exitCode !== 0) throw new Error(`${commandLine} returned ${exitCode}: ${stderr}${stdout}`)
      return stdout.replace(/\n$/, '')
    },
    passS: (phoneSeconds) => clock.advance((phoneSeconds * 1000) / timeScale),
  }
}

async function runOn(phone: Phone, commandLine: string | null, stdin: string): ReturnType<TestPhone['sh']> {
  const printed = { stdout: '', stderr: '' }
  const to = (stream: 'stdout' | 'stderr') => (data: Uint8Array | string) => {
    printed[stream] += Buffer.from(data).toString()
    return Promise.resolve()
  }
  const exitCode = await phone.run(commandLine, {
    stdin: (async function* (): AsyncGenerator<Uint8Array> {
      if (stdin !== '') yield Buffer.from(stdin)
    })(),
    stdout: to('stdout'),
    stderr: to('stderr'),
    signal: new AbortController().signal,
  })
  return { ...printed, exitCode }
}
