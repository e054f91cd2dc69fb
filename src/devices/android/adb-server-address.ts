import { createConnection } from 'node:net'
import { TimeoutError, withDeadline, type Call } from '../../core/deadline.js'
import { DalaError } from '../../core/errors.js'
import { formatHostPort } from '../../core/host-port.js'
import { socketStream, type ByteStream, type Dial } from '../../core/stream.js'

/** Where an adb server listens. */
export type AdbServerAddress =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'local'; readonly path: string }

const DEFAULT_HOST = '127.0.0.1'
/** AOSP packages/modules/adb/adb.h `DEFAULT_ADB_PORT`. */
const DEFAULT_PORT = 5037

/**
 * The server that adb itself would talk to: `ADB_SERVER_SOCKET` (`tcp:PORT`, `tcp:HOST:PORT`, `tcp:[IPV6]:PORT`,
 * `localfilesystem:PATH`), else `ANDROID_ADB_SERVER_ADDRESS` and `ANDROID_ADB_SERVER_PORT`, else 127.0.0.1:5037
 * (AOSP client/commandline.cpp).
 *
 * @throws DalaError DALA_USAGE when a variable can't be read
 */
export function adbServerAddress(env: Readonly<Record<string, string | undefined>>): AdbServerAddress {
  const socket = env['ADB_SERVER_SOCKET']
  if (socket !== undefined && socket !== '') return parseSocket(socket)
  const host = env['ANDROID_ADB_SERVER_ADDRESS']
  const port = env['ANDROID_ADB_SERVER_PORT']
  return {
    kind: 'tcp',
    host: host === undefined || host === '' ? DEFAULT_HOST : host,
    port: port === undefined || port === '' ? DEFAULT_PORT : parsePort(port, 'ANDROID_ADB_SERVER_PORT', port),
  }
}

function parseSocket(spec: string): AdbServerAddress {
  const local = /^local(?:filesystem)?:(.+)$/.exec(spec)?.[1]
  if (local !== undefined) return { kind: 'local', path: local }
  const [, six, host, port] = /^tcp:(?:(?:\[([^\]]+)\]|([^:[\]]+)):)?(\d+)$/.exec(spec) ?? []
  if (port === undefined) throw unreadable('ADB_SERVER_SOCKET', spec)
  return { kind: 'tcp', host: six ?? host ?? DEFAULT_HOST, port: parsePort(port, 'ADB_SERVER_SOCKET', spec) }
}

function parsePort(text: string, name: string, value: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (port < 1 || port > 65_535) throw unreadable(name, value)
  return port
}

function unreadable(name: string, value: string): DalaError {
  return new DalaError('DALA_USAGE', `Cannot find the adb server as ${name} is “${value.slice(0, 80)}”`, {
    fix: [
      name === 'ADB_SERVER_SOCKET'
        ? 'Set it to tcp:PORT, tcp:HOST:PORT or localfilesystem:PATH, or unset it'
        : 'Set it to a port between 1 and 65535, or unset it',
    ],
  })
}

/** The address as people write it. */
export function formatAdbServerAddress(address: AdbServerAddress): string {
  if (address.kind === 'local') return address.path
  return formatHostPort(address)
}

/** Connects to the server. Rejects like `Dial`: system errors, `TimeoutError`, the caller's abort reason. */
export function dialAdbServer(address: AdbServerAddress, dial: Dial, call: Call): Promise<ByteStream> {
  return address.kind === 'tcp' ? dial(address, call) : dialLocal(address.path, call)
}

function dialLocal(path: string, call: Call): Promise<ByteStream> {
  return withDeadline(
    call,
    `Connecting to ${path}`,
    (signal) =>
      new Promise((resolve, reject) => {
        const socket = createConnection({ path })
        const onAbort = (): void => {
          socket.destroy(new TimeoutError(`Connecting to ${path}`, call.timeoutMs))
        }
        signal.addEventListener('abort', onAbort, { once: true })
        socket.once('error', reject)
        socket.once('connect', () => {
          signal.removeEventListener('abort', onAbort)
          socket.removeListener('error', reject)
          resolve(socketStream(socket))
        })
      }),
  )
}
