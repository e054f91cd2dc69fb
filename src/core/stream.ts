import { createConnection, type Socket } from 'node:net'
import { TimeoutError, type Call } from './deadline.js'

/** Both directions of a connection as bytes. One reader, any number of writers. */
export interface ByteStream {
  /** The next bytes, never empty; null once the peer has ended cleanly. Rejects when the stream was closed with an error. */
  read(): Promise<Uint8Array | null>
  /** Resolves once the bytes were accepted, so that a slow peer slows the writer. */
  write(bytes: Uint8Array): Promise<void>
  /** Ends both directions, at once; pending reads and writes reject with `reason` (default: end cleanly). Idempotent. */
  close(reason?: Error): void
  /** Settles once, never rejects: null after a clean end, otherwise what broke the stream. */
  readonly closed: Promise<Error | null>
}

export interface Target {
  readonly host: string
  readonly port: number
}

/** Opens a byte stream to a host and port, within the call's bounds. */
export type Dial = (target: Target, call: Call) => Promise<ByteStream>

/** TCP. Rejects with Node's system error (`ECONNREFUSED`, …), `TimeoutError`, or the caller's abort reason. */
export const dialTcp: Dial = ({ host, port }, { signal, timeoutMs }) =>
  new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    const socket = createConnection({ host, port, noDelay: true })
    const settle = (finish: () => void): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
      socket.removeListener('error', onError)
      finish()
    }
    const fail = (reason: unknown): void =>
      settle(() => {
        // A socket that is given up may still fail later; nobody waits for it any more.
        socket.on('error', () => undefined)
        socket.destroy()
        reject(reason)
      })
    const onError = (error: Error): void => fail(error)
    const onAbort = (): void => fail(signal.reason)
    const timer = setTimeout(() => fail(new TimeoutError(`Connecting to ${host}:${port}`, timeoutMs)), timeoutMs)
    signal.addEventListener('abort', onAbort, { once: true })
    socket.once('error', onError)
    socket.once('connect', () => settle(() => resolve(socketStream(socket))))
  })

/** A connected socket as a `ByteStream`. Takes the socket over. */
export function socketStream(socket: Socket): ByteStream {
  let failure: Error | null = null
  const closed = new Promise<Error | null>((resolve) => {
    socket.once('error', (error) => {
      failure = error
    })
    socket.once('close', () => resolve(failure))
  })
  const chunks = socket[Symbol.asyncIterator]() as AsyncIterator<Uint8Array, undefined>
  return {
    closed,
    async read() {
      const { done, value } = await chunks.next()
      if (done !== true) return value
      if (failure !== null) throw failure
      return null
    },
    write: (bytes) =>
      new Promise((resolve, reject) => {
        socket.write(bytes, (error) => (error ? reject(failure ?? error) : resolve()))
      }),
    close(reason) {
      if (reason !== undefined) failure ??= reason
      socket.destroy(reason)
    },
  }
}
