import type { KeyObject } from 'node:crypto'
import type { Server, Socket } from 'node:net'
import { createServer } from 'node:net'
import { ByteReader } from '../../core/bytes.js'
import { socketStream, type Target } from '../../core/stream.js'
import { encodeBanner } from '../android/banner.js'
import { AdbConnection } from '../android/wire/connection.js'
import { complaintOf } from './complaint.js'
import { acceptHost } from './handshake.js'
import { openService } from './services/services.js'
import type { PhoneSystem } from './system.js'

/** Only what is really served: a host uses whatever is named here. */
const FEATURES = ['shell_v2', 'stat_v2', 'ls_v2', 'fixed_push_mkdir', 'sendrecv_v2']

/** The properties AOSP's get_connection_string() puts into the banner, which `adb devices -l` shows. */
const BANNER_PROPS = ['ro.product.name', 'ro.product.model', 'ro.product.device']

/** An adb server takes whatever listens on these for an emulator, unasked (AOSP adb/client/transport_emulator.cpp). */
const EMULATOR_PORTS = { first: 5555, last: 5585 } as const

const HOST = '127.0.0.1'

export interface AdbdOptions {
  readonly system: PhoneSystem
  /** What becomes of computers the phone does not know: accepted and remembered, or left waiting at its dialog. */
  readonly strangers: 'accept' | 'refuse'
  /** Keys that are known without asking, read anew for each connection. */
  readonly ownerKeys: () => Promise<readonly KeyObject[]>
  /** Told what went wrong with a connection or a service, one line each. */
  readonly log: (line: string) => void
}

/** The virtual phone's adbd: speaks the device side of ADB on a loopback port. */
export interface Adbd {
  /** Where it listens, e.g. for `adb connect`. */
  readonly address: Target
  /** `down`: the phone is out of reach. Connections are cut, new ones are cut at once; the port stays ours. */
  setLink(state: 'up' | 'down'): void
  /** Cuts every connection and frees the port. Idempotent. */
  close(): Promise<void>
}

/** Starts an adbd for `system` on a loopback port that the kernel chooses. Rejects with Node's system error. */
export async function startAdbd(options: AdbdOptions): Promise<Adbd> {
  const accepted: KeyObject[] = []
  const sockets = new Set<Socket>()
  let link: 'up' | 'down' = 'up'
  const onSocket = (socket: Socket): void => {
    if (link === 'down') {
      socket.destroy()
      return
    }
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    void serve(socket, accepted, options)
  }
  const cut = (): void => {
    for (const socket of sockets) socket.destroy()
  }
  const { server, port } = await listen(onSocket)
  const ended = new Promise<void>((resolve) => server.once('close', resolve))
  return {
    address: { host: HOST, port },
    setLink(state) {
      link = state
      if (state === 'down') cut()
    },
    close() {
      link = 'down'
      cut()
      server.close()
      return ended
    },
  }
}

async function listen(onSocket: (socket: Socket) => void): Promise<{ server: Server; port: number }> {
  for (;;) {
    const server = createServer({ noDelay: true }, onSocket)
    const port = await new Promise<number>((resolve, reject) => {
      server.once('error', reject)
      server.listen({ host: HOST, port: 0 }, () => {
        const address = server.address()
        resolve(typeof address === 'object' && address !== null ? address.port : 0)
      })
    })
    if (port < EMULATOR_PORTS.first || port > EMULATOR_PORTS.last) return { server, port }
    await new Promise<void>((resolve) => server.close(() => resolve()))
  }
}

async function serve(socket: Socket, accepted: KeyObject[], options: AdbdOptions): Promise<void> {
  const { system, log, strangers, ownerKeys } = options
  const stream = socketStream(socket)
  const reader = new ByteReader(stream)
  try {
    const trusted = { accepted, known: await ownerKeys(), accepting: strangers === 'accept' }
    const agreed = await acceptHost({ stream, reader }, trusted, bannerOf(system))
    const onOpen = openService(system, log)
    const connection = AdbConnection.start({ stream, reader, ...agreed, onOpen })
    const error = await connection.closed
    if (error !== null) throw error
  } catch (error) {
    const complaint = complaintOf(error)
    if (complaint !== null) log(complaint)
  } finally {
    stream.close()
  }
}

function bannerOf({ props }: PhoneSystem): Uint8Array {
  const shown = BANNER_PROPS.map((name): [string, string] => [name, props.get(name) ?? ''])
  return encodeBanner({ type: 'device', props: new Map(shown), features: new Set(FEATURES) })
}
