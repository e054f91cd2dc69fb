import { ByteReader } from '../../core/bytes.js'
import { TimeoutError, withDeadline, type Call } from '../../core/deadline.js'
import { messageOf, systemCodeOf } from '../../core/errors.js'
import { formatHostPort } from '../../core/host-port.js'
import type { ByteStream, Dial, Target } from '../../core/stream.js'
import { AdbError } from './adb-error.js'
import type { AdbKey, AdbKeys } from './adb-keys.js'
import { decodeBanner, encodeBanner, type Banner } from './banner.js'
import type { AdbTransport } from './transport.js'
import { AUTH, signToken } from './wire/auth.js'
import { AdbConnection, asAdbError } from './wire/connection.js'
import {
  COMMAND,
  encodePacket,
  MAX_PAYLOAD,
  MIN_PAYLOAD,
  readPacket,
  VERSION_CHECKSUMS,
  VERSION_NO_CHECKSUMS,
  type Packet,
} from './wire/packet.js'

/** What we can do ourselves: adbd only uses what both sides name. */
const HOST_FEATURES = ['shell_v2', 'cmd', 'stat_v2', 'ls_v2', 'fixed_push_mkdir', 'sendrecv_v2']

export interface AdbdClientOptions {
  readonly dial: Dial
  /** Tried in this order; the first one's public half is offered when the phone knows none. */
  readonly keys: readonly AdbKey[]
  /** Keys that could not be read: the phone may trust one of them, so they are named when it trusts none of `keys`. */
  readonly skipped?: AdbKeys['skipped']
}

/** A connection of our own to a phone's adbd. */
export interface AdbdTransport extends AdbTransport {
  /** What the phone said of itself. */
  readonly banner: Banner
  /** Settles once, never rejects: null when we closed it, otherwise what ended it. */
  readonly closed: Promise<AdbError | null>
}

/**
 * Connects straight to an adbd over TCP, without an adb server, and proves who we are.
 *
 * @throws AdbError `refused`, `closed`, `timeout`, `protocol`; `unauthorized` when the phone does not take our key (its
 *   dialog was not answered within the call); `fail` when it wants TLS. The caller's abort reason when it aborts
 */
export async function connectAdbd(target: Target, options: AdbdClientOptions, call: Call): Promise<AdbdTransport> {
  const where = formatHostPort(target)
  const progress = { keyOffered: false }
  try {
    return await withDeadline(call, `Connecting to ${where}`, async (signal) => {
      const stream = await options.dial(target, { signal, timeoutMs: call.timeoutMs })
      const giveUp = (): void => stream.close()
      signal.addEventListener('abort', giveUp, { once: true })
      try {
        return await shakeHands(stream, options.keys, progress)
      } catch (error) {
        stream.close()
        throw error
      } finally {
        signal.removeEventListener('abort', giveUp)
      }
    })
  } catch (error) {
    if (call.signal.aborted) throw error
    throw withSkipped(explain(error, where, progress.keyOffered), options.skipped ?? [])
  }
}

function explain(error: unknown, where: string, keyOffered: boolean): AdbError {
  if (error instanceof TimeoutError) {
    if (keyOffered) return unauthorized(where, 'its dialog has not been answered yet', error)
    return new AdbError('timeout', `Cannot connect to ${where} as it has not answered in ${error.timeoutMs} ms`, error)
  }
  if (error instanceof AdbError) {
    if (keyOffered && error.code === 'closed') return unauthorized(where, 'it has refused the key', error)
    return new AdbError(error.code, `Cannot connect to ${where}: ${error.message}`, error)
  }
  const reason = systemCodeOf(error) ?? messageOf(error)
  return new AdbError('refused', `Cannot connect to ${where} as nothing answers there: ${reason}`, error)
}

function withSkipped(error: AdbError, skipped: AdbKeys['skipped']): AdbError {
  if (error.code !== 'unauthorized' || skipped.length === 0) return error
  const left = skipped.map(({ path, reason }) => `${path} can't be read as a key (${reason})`)
  const fix = skipped.map(
    ({ path }) => `Make ${path} readable, an RSA key of 2048 bits without a passphrase, or remove it`,
  )
  return new AdbError('unauthorized', `${error.message}; ${left.join('; ')}`, error, fix)
}

function unauthorized(where: string, why: string, cause: unknown): AdbError {
  return new AdbError('unauthorized', `Cannot use ${where} as it does not trust this computer's key: ${why}`, cause)
}

async function shakeHands(
  stream: ByteStream,
  keys: readonly AdbKey[],
  progress: { keyOffered: boolean },
): Promise<AdbdTransport> {
  const reader = new ByteReader(stream)
  const untried = [...keys]
  // Until the versions are known, sums are always sent: AOSP's atransport starts at A_VERSION_MIN.
  const send = (packet: Packet): Promise<void> => stream.write(encodePacket(packet, true))
  const payload = encodeBanner({ type: 'host', props: new Map(), features: new Set(HOST_FEATURES) })
  try {
    await send({ command: COMMAND.cnxn, arg0: VERSION_NO_CHECKSUMS, arg1: MAX_PAYLOAD, payload })
    for (;;) {
      const packet = await readPacket(reader, { maxPayload: MAX_PAYLOAD, checksums: 'unless-zero' })
      if (packet === null) throw new AdbError('closed', 'the phone has ended the connection')
      if (packet.command === COMMAND.cnxn) return transportOf(packet, stream, reader)
      if (packet.command === COMMAND.stls) throw new AdbError('fail', 'the phone wants TLS (wireless debugging)')
      if (packet.command !== COMMAND.auth || packet.arg0 !== AUTH.token) continue
      if (progress.keyOffered) throw new AdbError('unauthorized', 'the phone has refused the key')
      const key = untried.shift()
      progress.keyOffered = key === undefined
      await send(key === undefined ? offer(keys[0]) : sign(packet.payload, key))
    }
  } catch (error) {
    throw asAdbError(error)
  }
}

function sign(token: Uint8Array, key: AdbKey): Packet {
  return { command: COMMAND.auth, arg0: AUTH.signature, arg1: 0, payload: signToken(token, key.privateKey) }
}

function offer(key: AdbKey | undefined): Packet {
  if (key === undefined) throw new AdbError('unauthorized', 'there is no key to show to the phone')
  return { command: COMMAND.auth, arg0: AUTH.rsaPublicKey, arg1: 0, payload: Buffer.from(`${key.publicLine}\0`) }
}

function transportOf(greeting: Packet, stream: ByteStream, reader: ByteReader): AdbdTransport {
  const { arg0: version, arg1: maxPayload } = greeting
  if (version < VERSION_CHECKSUMS || maxPayload < MIN_PAYLOAD) {
    const said = `version 0x${version.toString(16)}, ${maxPayload} bytes a packet`
    throw new AdbError('protocol', `Cannot use the phone's greeting as its values are impossible: ${said}`)
  }
  const banner = decodeBanner(greeting.payload)
  const connection = AdbConnection.start({
    stream,
    reader,
    version: Math.min(version, VERSION_NO_CHECKSUMS),
    maxPayload: Math.min(maxPayload, MAX_PAYLOAD),
    // Only `adb reverse` makes a phone open streams towards us, and we never ask for it.
    onOpen: () => Promise.resolve(null),
  })
  return {
    banner,
    features: banner.features,
    closed: connection.closed,
    close: () => connection.close(),
    open: (service, call) => openService(connection, service, call),
  }
}

async function openService(connection: AdbConnection, service: string, call: Call): Promise<ByteStream> {
  const what = `Opening "${service.slice(0, service.indexOf(':') + 1)}"`
  try {
    return await withDeadline(call, what, (signal) => connection.open(service, signal))
  } catch (error) {
    if (!(error instanceof TimeoutError)) throw error
    throw new AdbError(
      'timeout',
      `Cannot open "${service.slice(0, service.indexOf(':') + 1)}" as the phone has not answered in time`,
      error,
    )
  }
}
