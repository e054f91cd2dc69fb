import { DalaError, type DalaErrorOptions, type ErrorCode } from '../../core/errors.js'
import type { Link } from '../types.js'
import { UnusableStateError } from '../unusable-error.js'
import { AdbError, type AdbErrorCode } from './adb-error.js'
import { clipWords } from './adb-failure.js'
import { deviceStateOf } from './device-state.js'

type Explained = readonly [code: ErrorCode, reason: string, ...fix: [string, ...string[]]]

const SEE_DEVICES = 'See what is there with: dala devices'
const LOOK = 'Look at the phone, its cable or its network, then run the command again'

/** What an `AdbError` of a link means to a user; everything else (bugs, the caller's abort reason) is passed on as it is. */
export function toDalaError(error: unknown, name: string, link: Link): unknown {
  if (!(error instanceof AdbError)) return error
  const [code, reason, first, ...rest] = EXPLAINED[error.code](link.via === 'adb-server')
  // Of silence and a broken line there is no more to say; whatever was asked stays in the cause.
  const detail = error.code === 'timeout' || error.code === 'closed' ? '' : `: ${error.message}`
  const message = `Cannot use ${clipWords(name)} over ${link.transport} as ${reason}${detail}`
  const [special, ...more] = error.fix
  const fix = special === undefined ? ([first, ...rest] as const) : ([special, ...more, first, ...rest] as const)
  const options: DalaErrorOptions = { fix, cause: error }
  if (error.code === 'unauthorized') return new UnusableStateError(deviceStateOf('unauthorized'), message, options)
  return new DalaError(code, message, options)
}

const EXPLAINED: Readonly<Record<AdbErrorCode, (byServer: boolean) => Explained>> = {
  unauthorized: () => [
    'DALA_DEVICE_UNUSABLE',
    'it has not accepted this computer’s adb key',
    deviceStateOf('unauthorized').fix ?? LOOK,
  ],
  no_device: () => ['DALA_DEVICE_LOST', 'the adb server can’t reach it (any more)', SEE_DEVICES, LOOK],
  closed: () => ['DALA_DEVICE_LOST', 'the connection ended', LOOK, SEE_DEVICES],
  timeout: () => ['DALA_DEVICE_LOST', 'it did not answer in time', LOOK],
  refused: (byServer) =>
    byServer
      ? ['DALA_ADB_SERVER', 'the adb server can’t be reached', 'Start it with: adb start-server']
      : ['DALA_DEVICE_LOST', 'nothing listens at its address', SEE_DEVICES],
  fail: (byServer) =>
    byServer
      ? ['DALA_ADB_SERVER', 'the adb server refused', 'See what it says with: adb devices -l']
      : ['DALA_ADB_PROTOCOL', 'the phone’s adbd refused', 'Turn USB debugging off and on again on the phone'],
  protocol: (byServer) => [
    'DALA_ADB_PROTOCOL',
    'what answers does not speak ADB as expected',
    byServer
      ? 'See what listens there; ADB_SERVER_SOCKET or ANDROID_ADB_SERVER_PORT name another adb server'
      : 'See whether the address is a phone’s adbd',
  ],
}
