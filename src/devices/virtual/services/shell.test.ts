import { describe, expect, it, onTestFinished } from 'vitest'
import { socketPair } from '../../../../test/fakes/streams.js'
import { bootPhone } from '../../../../test/fakes/virtual-phone.js'
import { ByteReader } from '../../../core/bytes.js'
import { decodeShellHeader, encodeShellPacket, SHELL_HEADER_BYTES, SHELL_ID } from '../../android/wire/shell-v2.js'
import { parseShellService, runShell } from './shell.js'

const CTRL_C = '\u0003'
const CTRL_D = '\u0004'
const CTRL_U = '\u0015'
const CTRL_W = '\u0017'
const DELETE = '\u007f'
const RUB = '\b \b'

interface Session {
  /** Presses keys, each in a packet of its own as a terminal does. */
  readonly type: (keys: string) => Promise<void>
  /** What was printed since this was last asked, once that ends in `end`. */
  readonly shows: (end: string) => Promise<string>
  /** What was printed since, and the exit code. */
  readonly ended: () => Promise<{ readonly printed: string; readonly code: number }>
}

/** A shell v2 stream to a phone, as an adb whose terminal is raw holds it. */
async function open(name: string): Promise<Session> {
  const { phone } = await bootPhone({ profile: 'pixel-8pro' })
  const [host, far] = await socketPair()
  onTestFinished(() => host.close())
  const service = parseShellService(name)
  if (service === null) throw new Error(`${name} is no shell service`)
  void runShell(phone, service, far).finally(() => far.close())
  const reader = new ByteReader(host)
  let bytes = Buffer.alloc(0)
  const packet = async (): Promise<number | null> => {
    const { id, length } = decodeShellHeader(await reader.exactly(SHELL_HEADER_BYTES))
    const payload = await reader.exactly(length)
    if (id === SHELL_ID.exit) return payload[0] ?? 0
    bytes = Buffer.concat([bytes, payload])
    return null
  }
  return {
    async type(keys) {
      for (const key of keys) await host.write(encodeShellPacket(SHELL_ID.stdin, Buffer.from(key)))
    },
    async shows(end) {
      while (!bytes.toString().endsWith(end)) {
        const code = await packet()
        if (code !== null) throw new Error(`ended with ${code} after ${JSON.stringify(bytes.toString())}`)
      }
      const printed = bytes.toString()
      bytes = Buffer.alloc(0)
      return printed
    },
    async ended() {
      for (;;) {
        const code = await packet()
        if (code !== null) return { printed: bytes.toString(), code }
      }
    },
  }
}

describe('the interactive shell on a terminal', () => {
  it('echoes, takes CR for the end of a line, and ends its own lines with CR LF', async () => {
    const { type, shows, ended } = await open('shell,v2,TERM=xterm:')
    await shows('husky:/ $ ')
    await type('echo "ä b"\r')
    expect(await shows('husky:/ $ ')).toBe('echo "ä b"\r\nä b\r\nhusky:/ $ ')
    await type('exit 3\r')
    expect(await ended()).toEqual({ printed: 'exit 3\r\n', code: 3 })
  })

  it('puts the status of what failed in front of its prompt, and asks for the rest of a line', async () => {
    const { type, shows } = await open('shell,v2:')
    await type('nope\r')
    expect(await shows('127|husky:/ $ ')).toContain('/system/bin/sh: nope: inaccessible or not found\r\n')
    await type('echo "a\r')
    await shows('> ')
    await type('b"\r')
    expect(await shows('husky:/ $ ')).toBe('b"\r\na\r\nb\r\nhusky:/ $ ')
  })

  it('erases a character with all its bytes, a word, and the line', async () => {
    const { type, shows } = await open('shell,v2:')
    await shows('$ ')
    await type(`${DELETE}xö${DELETE}\b`)
    expect(await shows(RUB + RUB)).toBe(`xö${RUB}${RUB}`)
    await type(`\u0001${DELETE}`)
    await shows(`^A${RUB}${RUB}`)
    await type(`nonsense${CTRL_U}`)
    await shows(`nonsense${RUB.repeat(8)}`)
    await type(`echo keep lost ${CTRL_W}now\r`)
    expect(await shows('husky:/ $ ')).toMatch(/\r\nkeep now\r\nhusky:\/ \$ $/)
  })

  it('ends the command that runs with ^C, and goes on', async () => {
    const { type, shows } = await open('shell,v2:')
    await shows('$ ')
    for (const command of ['sleep 100; echo never', 'cat', 'cat | grep x', 'echo $(sleep 100)']) {
      await type(`${command}\r`)
      await shows(`${command}\r\n`)
      await type(`typed ahead${CTRL_C}`)
      await shows('^C\r\n130|husky:/ $ ')
      await type('echo on\r')
      expect(await shows('husky:/ $ ')).toBe('echo on\r\non\r\nhusky:/ $ ')
    }
  })

  it('forgets with ^C the line that is being typed', async () => {
    const { type, shows } = await open('shell,v2:')
    await type(`echo "no\recho never${CTRL_C}`)
    await shows('^C\r\n130|husky:/ $ ')
    await type('echo yes\r')
    expect(await shows('yes\r\nhusky:/ $ ')).toMatch(/echo yes\r\nyes\r\nhusky:\/ \$ $/)
  })

  it('ends the input of a command with ^D, and then its own', async () => {
    const { type, shows, ended } = await open('shell,v2:')
    await type(`cat\rline\rpart${CTRL_D}`)
    await shows('part')
    await type(CTRL_D)
    await shows('husky:/ $ ')
    await type(`false\r${CTRL_D}`)
    expect((await ended()).code).toBe(1)
  })

  it('loses what a line has too much', async () => {
    const { type, shows } = await open('shell,v2:')
    await type(`: ${'x'.repeat(5000)}\r`)
    expect((await shows('\r\nhusky:/ $ ')).match(/x/g)).toHaveLength(4093)
  })
})

it('ends a command that was given a terminal with ^C', async () => {
  const { type, ended } = await open('shell,v2,pty:cat')
  await type(`a${CTRL_C}`)
  expect(await ended()).toEqual({ printed: 'a^C', code: 130 })
})

it('neither prompts nor echoes without a terminal', async () => {
  const { type, ended } = await open('shell,v2,raw:')
  await type('echo hi\nexit 5\n')
  expect(await ended()).toEqual({ printed: 'hi\n', code: 5 })
})
