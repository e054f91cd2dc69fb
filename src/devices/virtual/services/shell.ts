import { ByteReader } from '../../../core/bytes.js'
import type { ByteStream } from '../../../core/stream.js'
import { AdbError } from '../../android/adb-error.js'
import { MAX_PAYLOAD } from '../../android/wire/packet.js'
import { decodeShellHeader, encodeShellPacket, SHELL_HEADER_BYTES, SHELL_ID } from '../../android/wire/shell-v2.js'
import type { PhoneSystem, ShellIo } from '../system.js'
import { Terminal } from './terminal.js'

/** How a command is to be run, as the service's name says it. */
export interface ShellService {
  /** Null: the interactive shell. */
  readonly command: string | null
  /** `v2` frames its streams and sends the exit code; `none` sends stdout and stderr as one plain stream. */
  readonly protocol: 'v2' | 'none'
  /** A terminal has one output and ends its lines with CR LF. */
  readonly terminal: boolean
}

/** Output is framed in pieces of this size at most, bytes. */
const PIECE = 64 * 1024

/**
 * `shell:cmd`, `shell,v2,TERM=x,raw:cmd`, `exec:cmd`; null for any other service. Without `raw` or `pty`, the interactive
 * shell gets a terminal and a command does not (AOSP packages/modules/adb/daemon/shell_service.cpp, ShellService()).
 */
export function parseShellService(service: string): ShellService | null {
  const colon = service.indexOf(':')
  const [kind, ...args] = service.slice(0, Math.max(colon, 0)).split(',')
  const command = service.slice(colon + 1)
  if (kind === 'exec' && args.length === 0) return { command, protocol: 'none', terminal: false }
  if (kind !== 'shell') return null
  return {
    command: command === '' ? null : command,
    protocol: args.includes('v2') ? 'v2' : 'none',
    terminal: args.includes('pty') || (command === '' && !args.includes('raw')),
  }
}

/** 128 and SIGINT's number. */
const STATUS_INTERRUPTED = 130

/** Runs the command with the stream as its standard streams. Ends when the command has; a host that leaves aborts it. */
export async function runShell(system: PhoneSystem, service: ShellService, stream: ByteStream): Promise<void> {
  const ended = new AbortController()
  let interrupted = false
  void stream.closed.then((error) =>
    ended.abort(error ?? new AdbError('closed', 'Cannot go on as the host has closed the stream')),
  )
  const framed = service.protocol === 'v2'
  const output = outputsTo(stream, service)
  const stdout = output(SHELL_ID.stdout)
  const input = framed ? framedInput(stream) : plainInput(stream)
  // The interactive shell takes ^C over; any other command is ended by it.
  const interrupt = (): void => {
    interrupted = true
    ended.abort(new AdbError('closed', 'Cannot go on as the host has interrupted the command'))
  }
  const io: ShellIo = {
    stdin: service.terminal ? new Terminal(input, { echo: stdout, interrupt }) : input,
    stdout,
    stderr: service.terminal ? stdout : output(SHELL_ID.stderr),
    signal: ended.signal,
  }
  const status = await system.run(service.command, io)
  const code = interrupted ? STATUS_INTERRUPTED : status
  if (framed) await stream.write(encodeShellPacket(SHELL_ID.exit, Uint8Array.of(code & 0xff)))
}

function outputsTo(stream: ByteStream, { protocol, terminal }: ShellService): (id: number) => ShellIo['stdout'] {
  return (id) => async (data) => {
    const bytes = toBytes(data, terminal)
    if (protocol === 'none') return stream.write(bytes)
    for (let at = 0; at < bytes.length; at += PIECE) {
      await stream.write(encodeShellPacket(id, bytes.subarray(at, at + PIECE)))
    }
  }
}

async function* plainInput(stream: ByteStream): AsyncGenerator<Uint8Array> {
  for (let bytes = await stream.read(); bytes !== null; bytes = await stream.read()) yield bytes
}

/** stdin out of its packets. Nothing is read ahead: a command that does not read lets the host wait. */
async function* framedInput(stream: ByteStream): AsyncGenerator<Uint8Array> {
  const reader = new ByteReader(stream)
  for (;;) {
    const header = await reader.exactlyOrEnd(SHELL_HEADER_BYTES)
    if (header === null) return
    const { id, length } = decodeShellHeader(header)
    if (length > MAX_PAYLOAD) {
      throw new AdbError(
        'protocol',
        `Cannot read a shell packet as it says ${length} bytes: ${MAX_PAYLOAD} are the most`,
      )
    }
    const payload = await reader.exactly(length)
    if (id === SHELL_ID.closeStdin) return
    // A new window size is of no interest to a phone without a screen to wrap on.
    if (id === SHELL_ID.stdin && length > 0) yield payload
  }
}

function toBytes(data: Uint8Array | string, terminal: boolean): Uint8Array {
  if (!terminal) return typeof data === 'string' ? Buffer.from(data) : data
  // latin1 keeps every byte as it is.
  const text = typeof data === 'string' ? Buffer.from(data).toString('latin1') : Buffer.from(data).toString('latin1')
  return Buffer.from(text.replaceAll('\n', '\r\n'), 'latin1')
}
