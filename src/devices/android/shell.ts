import { randomBytes } from 'node:crypto'
import { ByteReader, TooLongError } from '../../core/bytes.js'
import { withDeadline, type Call } from '../../core/deadline.js'
import type { ByteStream } from '../../core/stream.js'
import type { ShellResult } from '../types.js'
import { AdbError } from './adb-error.js'
import { toAdbError } from './adb-failure.js'
import type { AdbTransport } from './transport.js'
import { decodeShellHeader, SHELL_HEADER_BYTES, SHELL_ID } from './wire/shell-v2.js'

/** More than any dumpsys prints; a phone that sends more is broken or hostile. */
const MAX_OUTPUT = 16 * 1024 * 1024
const WHAT = 'run a command on the phone'

/**
 * Runs `command` by the phone's shell and collects what it prints, at most 16 MB.
 *
 * With `shell_v2` (Android 7 and later) stdout, stderr and the exit code come apart. Before, both streams are one and
 * the exit code is asked of the shell; line ends of the old pty are mended.
 *
 * @throws AdbError; `closed` when the phone went away before the command ended, `protocol` for more than 16 MB
 */
export async function runShell(transport: AdbTransport, command: string, call: Call): Promise<ShellResult> {
  try {
    return await withDeadline(call, 'The command', async (signal) => {
      const bounds = { signal, timeoutMs: call.timeoutMs }
      if (transport.features.has('shell_v2')) {
        return collect(await transport.open(`shell,v2,raw:${command}`, bounds), signal, readPackets)
      }
      const marker = `dala-exit-${randomBytes(8).toString('hex')}:`
      const service = `shell:(${command}\n); echo "${marker}$?"`
      return collect(await transport.open(service, bounds), signal, (stream) => readTrailer(stream, marker))
    })
  } catch (error) {
    throw toAdbError(error, WHAT)
  }
}

/** Reads the stream and closes it, at once when the call is over. */
async function collect(
  stream: ByteStream,
  signal: AbortSignal,
  read: (stream: ByteStream) => Promise<ShellResult>,
): Promise<ShellResult> {
  const onAbort = (): void => stream.close()
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await read(stream)
  } finally {
    signal.removeEventListener('abort', onAbort)
    stream.close()
  }
}

async function readPackets(stream: ByteStream): Promise<ShellResult> {
  const reader = new ByteReader(stream)
  const stdout: Uint8Array[] = []
  const stderr: Uint8Array[] = []
  let left = MAX_OUTPUT
  for (;;) {
    const { id, length } = decodeShellHeader(await reader.exactly(SHELL_HEADER_BYTES))
    if (id !== SHELL_ID.stdout && id !== SHELL_ID.stderr && id !== SHELL_ID.exit) {
      throw new AdbError('protocol', `Cannot ${WHAT} as it sent a shell packet with the unknown id ${id}`)
    }
    if (length > left) throw new TooLongError(`the output is longer than ${MAX_OUTPUT} bytes`)
    left -= length
    const payload = await reader.exactly(length)
    if (id === SHELL_ID.exit) {
      return { stdout: decode(stdout), stderr: decode(stderr), exitCode: exitCodeOf(payload) }
    }
    if (length > 0) (id === SHELL_ID.stdout ? stdout : stderr).push(payload)
  }
}

function exitCodeOf(payload: Uint8Array): number {
  const [code] = payload
  if (code !== undefined && payload.length === 1) return code
  throw new AdbError('protocol', `Cannot ${WHAT} as its exit packet has ${payload.length} bytes instead of 1`)
}

function decode(chunks: readonly Uint8Array[]): string {
  return Buffer.concat(chunks).toString('utf8')
}

async function readTrailer(stream: ByteStream, marker: string): Promise<ShellResult> {
  const text = Buffer.from(await new ByteReader(stream).rest(MAX_OUTPUT)).toString('utf8')
  const at = text.lastIndexOf(marker)
  const tail = /^(\d{1,3})(\r*\n)?/.exec(at === -1 ? '' : text.slice(at + marker.length))
  if (tail === null) {
    throw new AdbError('closed', `Cannot ${WHAT} as the connection ended: the answer stops before its end`)
  }
  const output = text.slice(0, at)
  // Before Android 7 `shell:` is a pty, which prints CRLF (and CRCRLF on some).
  const stdout = tail[2]?.includes('\r') === true ? output.replace(/\r{1,2}\n/g, '\n') : output
  return { stdout, stderr: '', exitCode: Number(tail[1]) }
}
