import { describe, expect, it, test } from 'vitest'
import { fakeAdbServer, withPhones, type FakePhone } from '../../../test/fakes/adb-server.js'
import type { Call } from '../../core/deadline.js'
import { dialTcp } from '../../core/stream.js'
import type { ShellResult } from '../types.js'
import { createAdbServer } from './adb-server.js'
import { runShell } from './shell.js'
import { encodeShellPacket, SHELL_ID } from './wire/shell-v2.js'

const call = (timeoutMs = 10_000): Call => ({ signal: new AbortController().signal, timeoutMs })

/** Runs `true` on one scripted phone. */
async function run(phone: Omit<FakePhone, 'serial'>, timeoutMs?: number): Promise<ShellResult> {
  await using fake = await fakeAdbServer(withPhones([{ ...phone, serial: 'R58' }]))
  const server = createAdbServer({ kind: 'tcp', host: '127.0.0.1', port: fake.port }, dialTcp)
  return await runShell(await server.transport('R58', call()), 'true', call(timeoutMs))
}

const packet = (id: number, text: string | Uint8Array): Uint8Array => encodeShellPacket(id, Buffer.from(text))

describe('a phone with shell_v2', () => {
  it('gives both streams and the exit code', async () => {
    const output = { stdout: 'größe\r\n', stderr: 'oops', exitCode: 7 }
    expect(await run({ shell: () => output })).toEqual(output)
  })

  it('may split and join its packets anywhere', async () => {
    const bytes = Buffer.concat([
      packet(SHELL_ID.stdout, 'gr\u00f6'),
      packet(SHELL_ID.stdout, ''),
      packet(SHELL_ID.stdout, '\u00dfe'),
      packet(SHELL_ID.exit, Uint8Array.of(3)),
    ])
    const result = await run({
      async shell(_, peer) {
        for (const byte of bytes) {
          peer.raw(Uint8Array.of(byte))
          await new Promise((resolve) => setImmediate(resolve))
        }
        return null
      },
    })
    expect(result).toEqual({ stdout: 'größe', stderr: '', exitCode: 3 })
  })

  it('may print 10 MB', async () => {
    const stdout = 'level: 5\n'.repeat(1_200_000)
    expect((await run({ shell: () => ({ stdout }) })).stdout).toHaveLength(stdout.length)
  })

  test.each([
    ['an unknown id', packet(9, 'x'), 'protocol'],
    ['an exit code of two bytes', packet(SHELL_ID.exit, 'ab'), 'protocol'],
    ['a length of 4 GB', Uint8Array.of(1, 255, 255, 255, 255), 'protocol'],
    ['nothing', new Uint8Array(), 'closed'],
    ['half a header', Uint8Array.of(1, 2), 'closed'],
    ['half a packet', packet(SHELL_ID.stdout, 'hello').subarray(0, 8), 'closed'],
    ['output without an exit code', packet(SHELL_ID.stdout, 'hello'), 'closed'],
  ])('that sends %s and closes is an error', async (_what, bytes, code) => {
    const shell: FakePhone['shell'] = (_command, peer) => {
      peer.raw(bytes)
      peer.end()
      return null
    }
    await expect(run({ shell })).rejects.toMatchObject({ name: 'AdbError', code })
  })

  it('is given up when it prints more than 16 MB', async () => {
    const shell: FakePhone['shell'] = () => ({ stdout: 'x'.repeat(17 * 1024 * 1024) })
    await expect(run({ shell })).rejects.toMatchObject({ code: 'protocol', cause: { name: 'TooLongError' } })
  })

  it('is given up at the deadline', async () => {
    await expect(run({ shell: () => null }, 50)).rejects.toMatchObject({ code: 'timeout' })
  })
})

describe('an old phone', () => {
  const old = (answer: (marker: string) => string): Omit<FakePhone, 'serial'> => ({
    features: '',
    shell: (command) => answer(/echo "(dala-exit-\w+:)\$\?"/.exec(command)?.[1] ?? ''),
  })

  test.each([
    ['LF', (marker: string) => `a\nb\r\n${marker}0\n`, 'a\nb\r\n', 0],
    ['CRLF', (marker: string) => `a\r\nb\r\n${marker}1\r\n`, 'a\nb\n', 1],
    ['CRCRLF', (marker: string) => `a\r\r\nb${marker}127\r\r\n`, 'a\nb', 127],
    ['no line end', (marker: string) => `${marker}2`, '', 2],
  ])('with %s line ends gives output and exit code', async (_what, answer, stdout, exitCode) => {
    expect(await run(old(answer))).toEqual({ stdout, stderr: '', exitCode })
  })

  it('whose answer has no end was cut off', async () => {
    await expect(run(old(() => 'level: 5'))).rejects.toMatchObject({ code: 'closed' })
  })
})
