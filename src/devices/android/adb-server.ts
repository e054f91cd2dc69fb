import { ByteReader } from '../../core/bytes.js'
import { withDeadline, type Call } from '../../core/deadline.js'
import type { ByteStream, Dial } from '../../core/stream.js'
import { parseAdbDevices, type AdbDeviceLine } from './adb-devices.js'
import { AdbError } from './adb-error.js'
import { clipWords, failCode, toAdbError } from './adb-failure.js'
import { dialAdbServer, formatAdbServerAddress, type AdbServerAddress } from './adb-server-address.js'
import type { AdbTransport } from './transport.js'

/** A request's length is four hex digits (AOSP docs/dev/services.md). */
const MAX_REQUEST = 0xffff

/** A client of the adb server (the host's daemon on port 5037) that speaks its socket protocol in this process. */
export interface AdbServer {
  /** `127.0.0.1:5037`. */
  readonly address: string
  /** The server's protocol version, e.g. 41. Any version is talked to; none is ever killed. @throws AdbError */
  version(call: Call): Promise<number>
  /** The phones the server knows, in any state. @throws AdbError */
  devices(call: Call): Promise<AdbDeviceLine[]>
  /** A phone by its serial. @throws AdbError `no_device`, `unauthorized` when the server can't use it now */
  transport(serial: string, call: Call): Promise<AdbTransport>
}

export function createAdbServer(address: AdbServerAddress, dial: Dial): AdbServer {
  const connect: Connect = (call) => dialAdbServer(address, dial, call)
  const name = formatAdbServerAddress(address)
  const ask = (request: string, what: string, call: Call): Promise<string> =>
    exchange({ connect, what: `${what} of the adb server at ${name}` }, call, async (stream, reader) => {
      await send(stream, request)
      await readStatus(reader, request)
      return readText(reader)
    })
  return {
    address: name,
    async version(call) {
      const text = await ask('host:version', 'read the version', call)
      if (/^[0-9a-f]{4}$/i.test(text)) return Number.parseInt(text, 16)
      throw new AdbError('protocol', `Cannot read the version of the adb server at ${name} as “${clipWords(text)}”`)
    },
    async devices(call) {
      try {
        return parseAdbDevices(await ask('host:devices-l', 'list the phones', call))
      } catch (error) {
        // Servers before 1.0.31 know only the short list.
        if (!isUnknownService(error)) throw error
        return parseAdbDevices(await ask('host:devices', 'list the phones', call))
      }
    },
    transport: (serial, call) => openTransport({ ask, connect, name }, serial, call),
  }
}

type Connect = (call: Call) => Promise<ByteStream>

interface ServerPart {
  readonly ask: (request: string, what: string, call: Call) => Promise<string>
  readonly connect: Connect
  readonly name: string
}

async function openTransport({ ask, connect, name }: ServerPart, serial: string, call: Call): Promise<AdbTransport> {
  const features = await readFeatures(ask, serial, call)
  const open = new Set<ByteStream>()
  return {
    features,
    async open(service, openCall) {
      const what = `open ${service.slice(0, service.indexOf(':') + 1)} on ${clipWords(serial)} through the adb server at ${name}`
      const stream = await exchange({ connect, what, keep: true }, openCall, async (raw, reader) => {
        // Two answers, one after the other: a server drops what comes in one piece with the transport request
        // (AOSP sockets.cpp `smart_socket_enqueue` clears its buffer once the transport was switched).
        await send(raw, `host:transport:${serial}`)
        await readStatus(reader, `host:transport:${serial}`)
        await send(raw, service)
        await readStatus(reader, service)
        return behind(raw, reader)
      })
      open.add(stream)
      void stream.closed.then(() => open.delete(stream))
      return stream
    },
    close() {
      for (const stream of open) stream.close()
    },
  }
}

async function readFeatures(ask: ServerPart['ask'], serial: string, call: Call): Promise<ReadonlySet<string>> {
  try {
    const text = await ask(`host-serial:${serial}:features`, `reach ${clipWords(serial)} by means`, call)
    return new Set(text.split(',').map((feature) => feature.trim()))
  } catch (error) {
    // Servers before 1.0.36 don't know the question; their phones have no features.
    if (isUnknownService(error)) return new Set()
    throw error
  }
}

function isUnknownService(error: unknown): boolean {
  return error instanceof AdbError && error.code === 'fail' && /unknown host service/i.test(error.message)
}

interface Exchange {
  readonly connect: Connect
  /** "list the phones of …", for messages. */
  readonly what: string
  /** The connection outlives the exchange. */
  readonly keep?: boolean
}

/** One connection's worth of talk within the call's bounds; the connection is closed unless kept and all went well. */
async function exchange<T>(
  { connect, what, keep = false }: Exchange,
  call: Call,
  talk: (stream: ByteStream, reader: ByteReader) => Promise<T>,
): Promise<T> {
  try {
    return await withDeadline(call, 'The adb server', async (signal) => {
      const stream = await connect({ signal, timeoutMs: call.timeoutMs })
      const onAbort = (): void => stream.close()
      signal.addEventListener('abort', onAbort, { once: true })
      let kept = false
      try {
        const result = await talk(stream, new ByteReader(stream))
        // Aborted while the last answer came in: nobody is left to close the stream.
        kept = keep && !signal.aborted
        return result
      } finally {
        signal.removeEventListener('abort', onAbort)
        if (!kept) stream.close()
      }
    })
  } catch (error) {
    throw toAdbError(error, what)
  }
}

async function send(stream: ByteStream, request: string): Promise<void> {
  const bytes = Buffer.from(request)
  if (bytes.length > MAX_REQUEST) {
    throw new AdbError(
      'protocol',
      `Cannot ask the adb server as the request has ${bytes.length} bytes, more than 65535`,
    )
  }
  await stream.write(Buffer.concat([Buffer.from(bytes.length.toString(16).padStart(4, '0')), bytes]))
}

async function readStatus(reader: ByteReader, request: string): Promise<void> {
  const status = Buffer.from(await reader.exactly(4)).toString('latin1')
  if (status === 'OKAY') return
  if (status !== 'FAIL') throw notAdb(status)
  const text = await readText(reader)
  const asked = request.replace(/^(shell[^:]*):.*$/s, '$1:…').slice(0, 80)
  throw new AdbError(failCode(text), `Cannot use the adb server for “${asked}” as it says: ${clipWords(text)}`)
}

/** Text behind a length of four hex digits; at most 64 KiB by its form. */
async function readText(reader: ByteReader): Promise<string> {
  const digits = Buffer.from(await reader.exactly(4)).toString('latin1')
  if (!/^[0-9a-f]{4}$/i.test(digits)) throw notAdb(digits)
  return Buffer.from(await reader.exactly(Number.parseInt(digits, 16))).toString('utf8')
}

function notAdb(seen: string): AdbError {
  const shown = JSON.stringify(seen)
  return new AdbError('protocol', `Cannot talk to the adb server as what listens there is not one: it says ${shown}`)
}

/** The stream with the bytes first that its reader already holds. */
function behind(stream: ByteStream, reader: ByteReader): ByteStream {
  return {
    read: () => reader.some(),
    write: (bytes) => stream.write(bytes),
    close: (reason) => stream.close(reason),
    closed: stream.closed,
  }
}
