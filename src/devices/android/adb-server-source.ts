import { DalaError } from '../../core/errors.js'
import { parseHostPort } from '../../core/host-port.js'
import { SourceAbsentError } from '../source-absent.js'
import type { DeviceSource, FoundDevice, Link, TransportKind } from '../types.js'
import type { AdbDeviceLine, AdbLinkKind } from './adb-devices.js'
import { AdbError } from './adb-error.js'
import type { AdbServer } from './adb-server.js'
import { deviceStateOf, noSerialState } from './device-state.js'

const TRANSPORT: Readonly<Record<AdbLinkKind, TransportKind>> = {
  usb: 'usb',
  tcp: 'tcp',
  mdns: 'wifi',
  emulator: 'emulator',
}

/**
 * The phones an adb server knows. `list` rejects with `SourceAbsentError` when no server runs, and with `DalaError`
 * when what is there does not answer as one.
 */
export function adbServerSource(server: AdbServer): DeviceSource {
  return {
    name: 'adb',
    whenLate: {
      code: 'DALA_ADB_SERVER',
      who: `the adb server at ${server.address}`,
      fix: 'Restart it: adb kill-server, then adb start-server',
    },
    async list(call) {
      try {
        return (await server.devices(call)).map(foundDevice)
      } catch (error) {
        throw explain(error, server.address)
      }
    },
  }
}

function foundDevice({ serial, state, kind, props }: AdbDeviceLine): FoundDevice {
  const addressed = serial !== '(no serial number)' && !/^\?+$/.test(serial)
  return {
    id: serial,
    platform: 'android',
    links: [{ transport: TRANSPORT[kind], via: 'adb-server', address: serial }, ...directLinks(serial, kind)],
    state: addressed || state !== 'device' ? deviceStateOf(state) : noSerialState(state),
    hints: props,
  }
}

/** A phone at `host:port` can also be reached without the adb server, should that die; at `vsock:…` it can't. */
function directLinks(serial: string, kind: AdbLinkKind): Link[] {
  return kind === 'tcp' && parseHostPort(serial) !== null ? [{ transport: 'tcp', via: 'adbd', address: serial }] : []
}

function explain(error: unknown, address: string): unknown {
  if (!(error instanceof AdbError)) return error
  if (error.code === 'refused') {
    const fix = ['For phones on a cable or the network, install adb and start its server: adb start-server'] as const
    return new SourceAbsentError(`No adb server runs at ${address}`, fix, error)
  }
  const code = error.code === 'protocol' ? 'DALA_ADB_PROTOCOL' : 'DALA_ADB_SERVER'
  return new DalaError(code, error.message, {
    fix: [
      `See what listens at ${address}, or restart the adb server: adb kill-server, then adb start-server`,
      'ADB_SERVER_SOCKET or ANDROID_ADB_SERVER_PORT name another adb server',
    ],
    cause: error,
  })
}
