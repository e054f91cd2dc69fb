import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { socketStream, type ByteStream, type Target } from '../../src/core/stream.js'

/** A server on a loopback port of its own; `close` cuts its connections. */
export async function listen(onSocket: (socket: Socket) => void): Promise<{ target: Target; close(): Promise<void> }> {
  const sockets = new Set<Socket>()
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    onSocket(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    target: { host: '127.0.0.1', port },
    close: () => {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

/** Two ends of one real loopback connection. */
export async function socketPair(): Promise<[ByteStream, ByteStream]> {
  const server = createServer({ noDelay: true })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const accepted = new Promise<Socket>((resolve) => server.once('connection', resolve))
  const { port } = server.address() as AddressInfo
  const near = connect({ host: '127.0.0.1', port, noDelay: true })
  await new Promise<void>((resolve) => near.once('connect', resolve))
  const far = await accepted
  server.close()
  return [socketStream(near), socketStream(far)]
}

/** The same stream, read in chunks of `size` bytes at most. */
export function inChunks(stream: ByteStream, size: number): ByteStream {
  let rest: Uint8Array = new Uint8Array(0)
  return {
    closed: stream.closed,
    write: (bytes) => stream.write(bytes),
    close: (reason) => stream.close(reason),
    async read() {
      if (rest.length === 0) {
        const bytes = await stream.read()
        if (bytes === null) return null
        rest = bytes
      }
      const chunk = rest.subarray(0, size)
      rest = rest.subarray(size)
      return chunk
    },
  }
}

/** A stream that gives these bytes and then ends. */
export function streamOf(...chunks: readonly Uint8Array[]): ByteStream {
  const left = chunks.filter((chunk) => chunk.length > 0)
  return {
    closed: Promise.resolve(null),
    read: () => Promise.resolve(left.shift() ?? null),
    write: () => Promise.resolve(),
    close: () => undefined,
  }
}

/** All bytes up to the end. */
export async function readAll(stream: ByteStream): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for (let bytes = await stream.read(); bytes !== null; bytes = await stream.read()) chunks.push(bytes)
  return Buffer.concat(chunks)
}

/** Bounds that no passing test comes near. */
export function call(timeoutMs = 20_000): { signal: AbortSignal; timeoutMs: number } {
  return { signal: new AbortController().signal, timeoutMs }
}
