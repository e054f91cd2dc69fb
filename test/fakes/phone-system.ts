import { join, normalize, sep } from 'node:path'
import { dialTcp } from '../../src/core/stream.js'
import type { PhoneSystem, ShellIo } from '../../src/devices/virtual/system.js'

export interface FakePhoneOptions {
  /** Where the phone's files are. */
  readonly root: string
  /** Phone port -> port on this computer's loopback. */
  readonly ports?: ReadonlyMap<number, number>
  /** Told of each command as it starts, and of what ended it. */
  readonly onRun?: (command: string | null, signal: AbortSignal) => void
}

/** A phone with a handful of commands, for tests of what carries them. */
export function fakePhone({ root, ports = new Map(), onRun }: FakePhoneOptions): PhoneSystem {
  return {
    props: new Map([
      ['ro.product.name', 'fake_product'],
      ['ro.product.model', 'Fake Model'],
      ['ro.product.device', 'fake_device'],
    ]),
    resolve: (path) => {
      const clean = normalize(path)
      return clean.startsWith(sep) && !clean.startsWith(`${sep}secret`) ? join(root, clean) : null
    },
    async openPort(port) {
      const real = ports.get(port)
      if (real === undefined) throw Object.assign(new Error(`nothing listens on ${port}`), { code: 'ECONNREFUSED' })
      return dialTcp({ host: '127.0.0.1', port: real }, { signal: new AbortController().signal, timeoutMs: 5000 })
    },
    async run(command, io) {
      onRun?.(command, io.signal)
      return command === null ? interact(io) : runCommand(command, io)
    },
  }
}

/** Answers each line with itself, as far as a prompt is concerned; `exit N` ends it. */
async function interact(io: ShellIo): Promise<number> {
  await io.stdout('$ ')
  let text = ''
  for await (const bytes of io.stdin) {
    text += Buffer.from(bytes).toString()
    const exit = /exit (\d+)\n/.exec(text)
    if (exit !== null) return Number(exit[1])
  }
  return 0
}

async function runCommand(line: string, io: ShellIo): Promise<number> {
  const [name = '', ...args] = line.split(' ')
  const rest = args.join(' ')
  if (name === 'echo') await io.stdout(`${rest}\n`)
  else if (name === 'complain') await io.stderr(`${rest}\n`)
  else if (name === 'cat') for await (const bytes of io.stdin) await io.stdout(bytes)
  else if (name === 'fill') await fill(Number(rest), io)
  else if (name === 'hang') await new Promise((resolve) => io.signal.addEventListener('abort', resolve, { once: true }))
  else if (name === 'exit') return Number(rest)
  else {
    await io.stderr(`sh: ${name}: not found\n`)
    return 127
  }
  return 0
}

/** What `fill` prints: that many letters, each thousand different from its neighbours. */
export function filled(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => 0x41 + (Math.floor(index / 1000) % 26))
}

async function fill(length: number, io: ShellIo): Promise<void> {
  const bytes = filled(length)
  for (let at = 0; at < length; at += 1000) await io.stdout(bytes.subarray(at, at + 1000))
}
