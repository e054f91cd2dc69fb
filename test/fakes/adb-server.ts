import { createServer, type Socket } from 'node:net'
import { ByteReader, EndOfStreamError } from '../../src/core/bytes.js'
import { socketStream } from '../../src/core/stream.js'
import { encodeShellPacket, SHELL_ID } from '../../src/devices/android/wire/shell-v2.js'

/** The server's side of one connection. */
export interface FakePeer {
  okay(): void
  /** OKAY and a counted text. */
  text(text: string): void
  fail(text: string): void
  raw(bytes: string | Uint8Array): void
  /** Closes after what was written. */
  end(): void
  /** Cuts the connection. */
  cut(): void
  /** The next counted request of the host on this connection. */
  next(): Promise<string>
}

/** Answers a connection's first request. */
export type FakeScript = (request: string, peer: FakePeer) => void | Promise<void>

export interface FakeAdbServer {
  readonly port: number
  /** Every request and service seen, in order. */
  readonly requests: readonly string[]
  /** Connections open now. */
  connections(): number
  [Symbol.asyncDispose](): Promise<void>
}

/** A scripted adb server on a loopback port of the kernel's choice: real sockets, the real protocol. */
export async function fakeAdbServer(script: FakeScript): Promise<FakeAdbServer> {
  const requests: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('close', () => sockets.delete(socket))
    const peer = peerOf(socket, requests)
    void peer
      .next()
      .then((request) => script(request, peer))
      .catch((error: unknown) => {
        // The host hung up, which is what many tests are about; anything else must be seen.
        if (!(error instanceof EndOfStreamError) && !socket.destroyed) throw error
      })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the fake adb server has no port')
  return {
    port: address.port,
    requests,
    connections: () => sockets.size,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function peerOf(socket: Socket, requests: string[]): FakePeer {
  const reader = new ByteReader(socketStream(socket))
  return {
    okay: () => void socket.write('OKAY'),
    text: (text) => void socket.write(`OKAY${counted(text)}`),
    fail: (text) => void socket.end(`FAIL${counted(text)}`),
    raw: (bytes) => void socket.write(bytes),
    end: () => void socket.end(),
    cut: () => void socket.destroy(),
    async next() {
      const length = Number.parseInt(Buffer.from(await reader.exactly(4)).toString(), 16)
      const request = Buffer.from(await reader.exactly(length)).toString()
      requests.push(request)
      return request
    },
  }
}

function counted(text: string): string {
  return Buffer.byteLength(text).toString(16).padStart(4, '0') + text
}

export interface FakePhone {
  readonly serial: string
  /** The line's end after the serial, default `device`. */
  readonly state?: string
  readonly features?: string
  /** Answers `shell,v2,raw:` and, without shell_v2, `shell:`. */
  readonly shell?: (command: string, peer: FakePeer) => string | FakeOutput | null | Promise<string | FakeOutput | null>
}

export interface FakeOutput {
  readonly stdout?: string
  readonly stderr?: string
  readonly exitCode?: number
}

/** A script of a server that has these phones. A shell that gives null says nothing more: it wrote for itself, or hangs. */
export function withPhones(phones: readonly FakePhone[], version = 41): FakeScript {
  return async (request, peer) => {
    if (request === 'host:version') return peer.text(version.toString(16).padStart(4, '0'))
    if (request === 'host:devices-l') return peer.text(phones.map(lineOf).join(''))
    const [, kind, serial] = /^host(?:-serial)?:(transport:)?(.*?)(?::features)?$/.exec(request) ?? []
    const phone = phones.find((other) => other.serial === serial)
    if (phone === undefined) return peer.fail(`device '${serial ?? ''}' not found`)
    if (phone.state !== undefined && phone.state !== 'device') return peer.fail(`device ${phone.state}`)
    if (kind === undefined) return peer.text(phone.features ?? 'shell_v2,cmd')
    peer.okay()
    await serve(phone, await peer.next(), peer)
  }
}

function lineOf({ serial, state = 'device' }: FakePhone): string {
  return `${serial.padEnd(22)} ${state} product:fake model:Fake_Phone device:fake transport_id:1\n`
}

async function serve(phone: FakePhone, service: string, peer: FakePeer): Promise<void> {
  const [, version, command] = /^shell(,v2,raw)?:(.*)$/s.exec(service) ?? []
  if (command === undefined || phone.shell === undefined) return peer.fail('closed')
  peer.okay()
  const answer = await phone.shell(command, peer)
  if (answer === null) return
  const { stdout = '', stderr = '', exitCode = 0 } = typeof answer === 'string' ? { stdout: answer } : answer
  if (version === undefined) peer.raw(stdout)
  else {
    peer.raw(encodeShellPacket(SHELL_ID.stdout, Buffer.from(stdout)))
    peer.raw(encodeShellPacket(SHELL_ID.stderr, Buffer.from(stderr)))
    peer.raw(encodeShellPacket(SHELL_ID.exit, Uint8Array.of(exitCode)))
  }
  peer.end()
}
