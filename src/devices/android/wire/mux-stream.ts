import { defer, type Deferred } from '../../../core/deferred.js'
import type { ByteStream } from '../../../core/stream.js'
import { AdbError } from '../adb-error.js'
import { COMMAND } from './packet.js'

/** What a stream needs of the connection that carries it. */
export interface StreamCarrier {
  readonly maxPayload: number
  /** Resolves once the packet was accepted by the connection below. */
  send(command: number, ids: StreamIds, payload: Uint8Array): Promise<void>
  /** A packet without payload, for which nobody waits. */
  control(command: number, ids: StreamIds): void
  /** The stream has ended: its id is free. */
  forget(local: number): void
}

/** Our number for the stream and the peer's. */
export interface StreamIds {
  readonly local: number
  readonly remote: number
}

/**
 * One stream of an ADB connection. Flow control as in AOSP's protocol.txt: one WRTE is outstanding until its OKAY, in
 * either direction, so at most one payload is buffered; OKAY is sent when the reader takes it. ADB has no half-close.
 */
export class MuxStream implements ByteStream {
  readonly ids: StreamIds
  readonly closed: Promise<Error | null>
  readonly #carrier: StreamCarrier
  readonly #ended = defer<Error | null>()
  #end: { readonly error: Error | null } | null = null
  #incoming: Uint8Array | null = null
  #reader: Deferred<Uint8Array | null> | null = null
  #okay: Deferred<void> | null = null
  #writes: Promise<void> = Promise.resolve()

  constructor(carrier: StreamCarrier, ids: StreamIds) {
    this.#carrier = carrier
    this.ids = ids
    this.closed = this.#ended.promise
  }

  async read(): Promise<Uint8Array | null> {
    const bytes = this.#incoming
    if (bytes !== null) {
      this.#incoming = null
      if (this.#end === null) this.#carrier.control(COMMAND.okay, this.ids)
      return bytes
    }
    if (this.#end !== null) {
      if (this.#end.error !== null) throw this.#end.error
      return null
    }
    if (this.#reader !== null) throw new Error('Cannot read as another read waits: an ADB stream has one reader')
    this.#reader = defer()
    return this.#reader.promise
  }

  write(bytes: Uint8Array): Promise<void> {
    const written = this.#writes.then(() => this.#send(bytes))
    // The next writer waits for this one whatever becomes of it; a failure is this writer's to hear.
    this.#writes = written.catch(() => undefined)
    return written
  }

  close(reason?: Error): void {
    if (this.#end !== null) return
    this.#incoming = null
    this.#carrier.control(COMMAND.clse, this.ids)
    this.#finish(reason ?? null)
  }

  /** The peer's WRTE. @throws AdbError `protocol` when it did not wait for the OKAY of the one before */
  onData(payload: Uint8Array): void {
    if (this.#incoming !== null) {
      throw new AdbError('protocol', 'Cannot take an ADB packet as the one before has not been acknowledged yet')
    }
    if (payload.length > 0 && this.#reader === null) {
      this.#incoming = payload
      return
    }
    this.#carrier.control(COMMAND.okay, this.ids)
    if (payload.length === 0) return
    this.#reader?.resolve(payload)
    this.#reader = null
  }

  /** The peer's OKAY. One that nobody waits for is ignored, as AOSP does. */
  onOkay(): void {
    this.#okay?.resolve()
    this.#okay = null
  }

  /** The peer's CLSE: what has arrived can still be read. */
  onPeerClose(): void {
    if (this.#end !== null) return
    this.#carrier.control(COMMAND.clse, this.ids)
    this.#finish(null)
  }

  /** The connection below is gone. */
  onDeath(error: AdbError): void {
    if (this.#end === null) this.#finish(error)
  }

  async #send(bytes: Uint8Array): Promise<void> {
    const step = this.#carrier.maxPayload
    for (let at = 0; at < bytes.length; at += step) {
      if (this.#end !== null) throw this.#end.error ?? closedByPeer()
      const okay = defer<void>()
      this.#okay = okay
      await Promise.all([this.#carrier.send(COMMAND.wrte, this.ids, bytes.subarray(at, at + step)), okay.promise])
    }
  }

  #finish(error: Error | null): void {
    this.#end = { error }
    this.#carrier.forget(this.ids.local)
    if (error === null) this.#reader?.resolve(null)
    else this.#reader?.reject(error)
    this.#okay?.reject(error ?? closedByPeer())
    this.#reader = null
    this.#okay = null
    this.#ended.resolve(error)
  }
}

function closedByPeer(): AdbError {
  return new AdbError('closed', 'Cannot write as the ADB stream has been closed')
}
