import { homedir } from 'node:os'
import { join } from 'node:path'
import envPaths from 'env-paths'
import { realClock, type Clock } from './core/clock.js'
import type { Call } from './core/deadline.js'
import { screenOf, type Screen } from './core/screen.js'
import { dialTcp } from './core/stream.js'
import type { AdbKeyPlaces } from './devices/android/adb-keys.js'
import { adbServerAddress } from './devices/android/adb-server-address.js'
import { adbServerSource } from './devices/android/adb-server-source.js'
import { createAdbServer, type AdbServer } from './devices/android/adb-server.js'
import type { OpenDirect } from './devices/android/direct-link.js'
import { AndroidSession, type OpenTransport } from './devices/android/session.js'
import { DeviceHub, type DescribedDevice, type SourceProblem } from './devices/hub.js'
import { selectDevice, wantedDevice } from './devices/select.js'
import type { DeviceSession } from './devices/types.js'
import { virtualSource } from './devices/virtual/source.js'

/** Host time for finding and describing phones; the hub gives each one 2 s at most. */
const FIND_TIMEOUT_MS = 10_000

type Environment = Readonly<Record<string, string | undefined>>

/** The program's parts, put together. */
export interface App {
  readonly version: string
  readonly clock: Clock
  /** Where virtual phones are registered. */
  readonly virtualDir: string
  readonly stdout: Screen
  readonly stderr: Screen
  /** All phones, described in parallel. */
  findDevices(signal: AbortSignal): Promise<{
    readonly devices: readonly DescribedDevice[]
    readonly problems: readonly SourceProblem[]
  }>
  /** The one phone that `flag`, the environment or the lack of another names; `reason` says which of these. */
  openDevice(flag: string | undefined, signal: AbortSignal): Promise<{ session: DeviceSession; reason: string }>
}

/** The composition root: the only place that builds the real clock, dialer and device hub. */
export function createApp(env: Environment, version: string): App {
  const paths = envPaths('dala', { suffix: '' })
  const virtualDir = join(paths.data, 'virtual')
  const server = createAdbServer(adbServerAddress(env), dialTcp)
  const openTransport = transports(server, {
    home: homedir(),
    vendorKeys: env['ADB_VENDOR_KEYS'] ?? null,
    ownDir: paths.config,
  })
  const hub = new DeviceHub({
    sources: [virtualSource(virtualDir), adbServerSource(server)],
    openSession: (device) => new AndroidSession({ device, openTransport, clock: realClock }),
  })
  return {
    version,
    clock: realClock,
    virtualDir,
    stdout: screenOf(process.stdout, env),
    stderr: screenOf(process.stderr, env),
    async findDevices(signal) {
      const call: Call = { signal, timeoutMs: FIND_TIMEOUT_MS }
      const { devices, problems } = await hub.list(call)
      return { devices: await hub.describeAll(devices, call), problems }
    },
    async openDevice(flag, signal) {
      const { devices, problems } = await hub.list({ signal, timeoutMs: FIND_TIMEOUT_MS })
      const candidates = devices.map((device) => ({ device, info: null }))
      const notes = problems.map(({ message }) => message)
      const { chosen, reason } = selectDevice(candidates, wantedDevice(flag, env), notes)
      return { session: hub.open(chosen.device), reason }
    },
  }
}

function transports(server: AdbServer, places: AdbKeyPlaces): OpenTransport {
  let direct: Promise<OpenDirect> | null = null
  return async ({ via, address }, call) => {
    if (via === 'adb-server') return server.transport(address, call)
    // Loaded with the first such link: cryptography costs a phone behind the adb server nothing.
    direct ??= import('./devices/android/direct-link.js').then(({ directLinks }) => directLinks(places, dialTcp))
    return (await direct)(address, call)
  }
}
