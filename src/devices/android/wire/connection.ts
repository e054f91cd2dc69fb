import { EndOfStreamError, type ByteReader } from '../../../core/bytes.js'
import { defer, type Deferred } from '../../../core/deferred.js'
import { messageOf } from '../../../core/errors.js'
import type { ByteStream } from '../../../core/stream.js'
import { AdbError } from '../adb-error.js'
import { MuxStream, type StreamCarrier, type StreamIds } from './mux-stream.js'
import { COMMAND, encodePacket, readPacket, VERSION_NO_CHECKSUMS, type Packet } from './packet.js'

/** Streams at one time; more OPENs are refused, so that a peer can't make us hold any number. */
const MAX_STREAMS = 512
/** Packets without payload that may wait for the peer to read; one that sends and never reads is cut off. */
const MAX_WAITING_CONTROL = 4096

const EMPTY = new Uint8Array(0)

/**
 * Decides on the peer's OPEN: a function that takes the accepted stream over, or null to refuse. Must not reject and
 * must end on its own; until it has, the peer waits.
 */
export type OpenHandler = (service: string) => Promise<((stream: ByteStream) => void) | null>

export interface ConnectionOptions {
  readonly stream: ByteStream
  /** The stream's reader, as the handshake left it. */
  readonly reader: ByteReader
  /** What both sides agreed on in their CNXNs. */
  readonly version: number
  readonly maxPayload: number
  readonly onOpen: OpenHandler
}

/**
 * One ADB connection after its handshake, the same on either side (AOSP packages/modules/adb/protocol.txt): numbered
 * streams that are opened, written under acknowledgement, and closed.
 */
export class AdbConnection {
  /** Settles once, never rejects: null when we closed it, otherwise what ended it. */
  readonly closed: Promise<AdbError | null>
  readonly #options: ConnectionOptions
  readonly #ended = defer<AdbError | null>()
  readonly #streams = new Map<number, MuxStream>()
  /** OPENs of ours without an answer; null when the caller has given up. */
  readonly #opening = new Map<number, Deferred<ByteStream> | null>()
  readonly #carrier: StreamCarrier
  #accepting = 0
  #waitingControl = 0
  #nextId = 1
  #death: AdbError | null = null

  private constructor(options: ConnectionOptions) {
    this.#options = options
    this.closed = this.#ended.promise
    this.#carrier = {
      maxPayload: options.maxPayload,
      send: (command, ids, payload) => this.#send({ command, arg0: ids.local, arg1: ids.remote, payload }),
      control: (command, ids) => this.#control(command, ids),
      forget: (local) => this.#streams.delete(local),
    }
  }

  /** Takes the stream over and begins to read from it. */
  static start(options: ConnectionOptions): AdbConnection {
    const connection = new AdbConnection(options)
    void connection.#run()
    return connection
  }

  /**
   * Opens one of the peer's services; `signal` gives the OPEN up, not the stream.
   *
   * @throws AdbError `fail` when the peer refuses it, `closed` when the connection ends first; the signal's reason
   */
  async open(service: string, signal: AbortSignal): Promise<ByteStream> {
    signal.throwIfAborted()
    if (this.#death !== null) throw this.#death
    // AOSP's adbd before Android 9 reads the name as a C string, so it ends in NUL.
    const payload = Buffer.from(`${service}\0`)
    if (payload.length > this.#options.maxPayload) {
      throw new AdbError(
        'fail',
        `Cannot open a service as its name has ${payload.length} bytes: too long for one packet`,
      )
    }
    const local = this.#newId()
    const opened = defer<ByteStream>()
    this.#opening.set(local, opened)
    const onAbort = (): void => {
      // The answer still comes; it is met with CLSE.
      if (this.#opening.get(local) === opened) this.#opening.set(local, null)
      opened.reject(signal.reason as Error)
    }
    signal.addEventListener('abort', onAbort, { once: true })
    try {
      const sent = this.#send({ command: COMMAND.open, arg0: local, arg1: 0, payload })
      const [stream] = await Promise.all([opened.promise, sent])
      if (signal.aborted) stream.close()
      signal.throwIfAborted()
      return stream
    } catch (error) {
      if (error instanceof AdbError && error.code === 'fail') {
        throw new AdbError(
          'fail',
          `Cannot open "${service.slice(0, service.indexOf(':') + 1)}" as the phone has refused it`,
          error,
        )
      }
      throw error
    } finally {
      signal.removeEventListener('abort', onAbort)
    }
  }

  /** Ends the connection and with it every stream. Idempotent. */
  close(): void {
    this.#die(new AdbError('closed', 'Cannot use the ADB connection as it has been closed'), null)
  }

  async #run(): Promise<void> {
    const { reader, version } = this.#options
    const rules = {
      maxPayload: this.#options.maxPayload,
      checksums: version >= VERSION_NO_CHECKSUMS ? 'ignore' : 'check',
    } as const
    try {
      while (this.#death === null) {
        const packet = await readPacket(reader, rules)
        if (packet === null) throw new AdbError('closed', 'Cannot go on as the ADB peer has ended the connection')
        this.#dispatch(packet)
      }
    } catch (error) {
      const death = asAdbError(error)
      this.#die(death, death)
    }
  }

  #dispatch({ command, arg0, arg1, payload }: Packet): void {
    switch (command) {
      case COMMAND.open:
        void this.#accept(arg0, payload)
        return
      case COMMAND.okay:
        this.#onOkay(arg0, arg1)
        return
      case COMMAND.wrte:
        this.#find(arg1, arg0)?.onData(payload)
        return
      case COMMAND.clse:
        this.#onClose(arg0, arg1)
        return
      case COMMAND.cnxn:
        throw new AdbError('closed', 'Cannot go on as the ADB peer has started over')
      default:
      // AOSP's handle_packet() ignores what it does not know, and so can later versions be met.
    }
  }

  async #accept(remote: number, payload: Uint8Array): Promise<void> {
    if (remote === 0) return
    const end = payload.indexOf(0)
    const service = Buffer.from(end < 0 ? payload : payload.subarray(0, end)).toString('utf8')
    if (this.#accepting + this.#streams.size >= MAX_STREAMS) return this.#control(COMMAND.clse, { local: 0, remote })
    this.#accepting += 1
    const take = await this.#options.onOpen(service)
    this.#accepting -= 1
    if (take === null) return this.#control(COMMAND.clse, { local: 0, remote })
    const stream = this.#add({ local: this.#newId(), remote })
    this.#control(COMMAND.okay, stream.ids)
    // What was opened for a peer that has gone meanwhile is still to be let go of, by who opened it.
    if (this.#death !== null) stream.onDeath(this.#death)
    take(stream)
  }

  #onOkay(remote: number, local: number): void {
    const opened = this.#opening.get(local)
    if (opened === undefined) return this.#find(local, remote)?.onOkay()
    if (remote === 0) return
    this.#opening.delete(local)
    if (opened === null) return this.#control(COMMAND.clse, { local, remote })
    opened.resolve(this.#add({ local, remote }))
  }

  #onClose(remote: number, local: number): void {
    const opened = this.#opening.get(local)
    if (opened !== undefined) {
      this.#opening.delete(local)
      return opened?.reject(new AdbError('fail', 'Cannot open the service as the phone answered CLSE'))
    }
    // AOSP adb.cpp, A_CLSE: "due to a bug in previous ADB versions, CLOSE(0, remote-id) was also used for normal CLOSE()".
    const stream = remote === 0 ? this.#streams.get(local) : this.#find(local, remote)
    stream?.onPeerClose()
  }

  #add(ids: StreamIds): MuxStream {
    const stream = new MuxStream(this.#carrier, ids)
    this.#streams.set(ids.local, stream)
    return stream
  }

  /** Both numbers must fit, as in AOSP's find_local_socket(): a late packet of an old stream meets no new one. */
  #find(local: number, remote: number): MuxStream | undefined {
    const stream = this.#streams.get(local)
    return stream?.ids.remote === remote ? stream : undefined
  }

  #newId(): number {
    do {
      this.#nextId = this.#nextId >= 0xffffffff ? 1 : this.#nextId + 1
    } while (this.#streams.has(this.#nextId) || this.#opening.has(this.#nextId))
    return this.#nextId
  }

  async #send(packet: Packet): Promise<void> {
    if (this.#death !== null) throw this.#death
    try {
      await this.#options.stream.write(encodePacket(packet, this.#options.version < VERSION_NO_CHECKSUMS))
    } catch (error) {
      const death = this.#death ?? asAdbError(error)
      this.#die(death, death)
      throw death
    }
  }

  #control(command: number, { local, remote }: StreamIds): void {
    if (this.#death !== null) return
    if (this.#waitingControl >= MAX_WAITING_CONTROL) {
      const death = new AdbError('protocol', 'Cannot go on as the ADB peer sends and does not read')
      return this.#die(death, death)
    }
    this.#waitingControl += 1
    const sent = (): void => {
      this.#waitingControl -= 1
    }
    // A failure has ended the connection, which every stream hears of.
    this.#send({ command, arg0: local, arg1: remote, payload: EMPTY }).then(sent, sent)
  }

  #die(error: AdbError, outcome: AdbError | null): void {
    if (this.#death !== null) return
    this.#death = error
    this.#options.stream.close()
    for (const opened of this.#opening.values()) opened?.reject(error)
    this.#opening.clear()
    for (const stream of this.#streams.values()) stream.onDeath(error)
    this.#ended.resolve(outcome)
  }
}

/** What a read or write on the connection below threw, as an AdbError: it ended, unless it says otherwise. */
export function asAdbError(error: unknown): AdbError {
  if (error instanceof AdbError) return error
  const how = error instanceof EndOfStreamError ? 'it ended within a packet' : messageOf(error)
  return new AdbError('closed', `Cannot go on as the ADB connection has broken: ${how}`, error)
}
