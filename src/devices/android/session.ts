import type { Clock } from '../../core/clock.js'
import { withDeadline, type Call } from '../../core/deadline.js'
import { DalaError } from '../../core/errors.js'
import type {
  BatteryReading,
  DeviceInfo,
  DeviceSession,
  FoundDevice,
  Link,
  Observation,
  ScreenState,
  ShellResult,
} from '../types.js'
import { AdbError } from './adb-error.js'
import { clipWords, toAdbError } from './adb-failure.js'
import * as apps from './apps.js'
import { INFO_COMMAND, parseInfo } from './describe.js'
import { toDalaError } from './device-error.js'
import {
  BATTERY,
  observationCommand,
  parseBattery,
  parseObservation,
  parseScreenState,
  parseWakefulness,
  WAKEFULNESS,
  type ObservationPlan,
} from './observation.js'
import { runShell } from './shell.js'
import type { AdbTransport } from './transport.js'

/** Connects to a phone over one of its links. @throws AdbError */
export type OpenTransport = (link: Link, call: Call) => Promise<AdbTransport>

export interface AndroidSessionParts {
  readonly device: FoundDevice
  readonly openTransport: OpenTransport
  readonly clock: Clock
}

/** KeyEvent.KEYCODE_WAKEUP and KEYCODE_SLEEP: unlike POWER (26) they don't toggle. */
const KEY_CODES = { on: 224, off: 223 } as const
/** A phone takes some tenths of a second to wake or to fall asleep. */
const SCREEN_POLL_MS = 100
const SCREEN_POLLS = 30

interface Reached {
  readonly transport: AdbTransport
  readonly link: Link
}

/**
 * An Android phone over ADB. Connects with the first call; when the connection breaks, the call that met it fails and
 * the next one tries the phone's links again, in their order.
 */
export class AndroidSession implements DeviceSession {
  readonly device: FoundDevice
  readonly #openTransport: OpenTransport
  readonly #clock: Clock
  #reached: Reached | null = null
  #link: Link
  #closed = false

  constructor({ device, openTransport, clock }: AndroidSessionParts) {
    this.device = device
    this.#openTransport = openTransport
    this.#clock = clock
    this.#link = device.links[0]
  }

  get link(): Link {
    return this.#link
  }

  async shell(command: string, call: Call): Promise<ShellResult> {
    try {
      return await withDeadline(call, 'The phone', async (signal) => {
        const { transport } = await this.#reach({ signal, timeoutMs: call.timeoutMs })
        return runShell(transport, command, { signal, timeoutMs: call.timeoutMs })
      })
    } catch (error) {
      const failure = toAdbError(error, 'get an answer')
      // Whatever went wrong between us, a new connection is the way to find out whether the phone is still there.
      if (failure instanceof AdbError) this.#drop()
      throw toDalaError(failure, this.device.id, this.#link)
    }
  }

  async info(call: Call): Promise<DeviceInfo> {
    return parseInfo(this.device.id, (await this.shell(INFO_COMMAND, call)).stdout)
  }

  async battery(call: Call): Promise<BatteryReading> {
    const { stdout, stderr } = await this.shell(BATTERY.command, call)
    const reading = parseBattery(stdout)
    if (reading !== null) return reading
    const words = clipWords(stdout) || clipWords(stderr) || 'nothing'
    throw new DalaError('DALA_DEVICE_UNUSABLE', `Cannot read the battery of ${this.device.id} as it says: ${words}`, {
      fix: [`See what the phone prints: adb -s ${this.link.address} shell dumpsys battery`],
    })
  }

  async observe(what: ObservationPlan, call: Call): Promise<Observation> {
    if (what.app !== null) apps.assertPackageName(what.app)
    return parseObservation((await this.shell(observationCommand(what), call)).stdout)
  }

  async screen(call: Call): Promise<ScreenState | null> {
    const state = parseWakefulness((await this.shell(WAKEFULNESS.command, call)).stdout)
    if (state !== null) return state
    return parseScreenState((await this.shell('dumpsys display | grep mScreenState=', call)).stdout)
  }

  async setScreen(state: ScreenState, call: Call): Promise<ScreenState | null> {
    const { stdout, stderr, exitCode } = await this.shell(`input keyevent ${KEY_CODES[state]}`, call)
    if (exitCode !== null && exitCode !== 0) {
      const words = clipWords(`${stderr} ${stdout}`)
      throw new DalaError('DALA_DEVICE_UNUSABLE', `Cannot turn the screen ${state} as the phone says: ${words}`, {
        fix: [`Turn the screen ${state} by hand`, 'On Xiaomi phones, allow “USB debugging (Security settings)”'],
      })
    }
    return withDeadlineOf(call, async (signal) => {
      let seen: ScreenState | null = null
      for (let poll = 0; poll < SCREEN_POLLS; poll += 1) {
        if (poll > 0) await this.#clock.sleep(SCREEN_POLL_MS, signal)
        seen = await this.screen({ signal, timeoutMs: call.timeoutMs })
        if (seen === state) break
      }
      return seen
    }).catch((error: unknown) => {
      throw toDalaError(toAdbError(error, 'see the screen change'), this.device.id, this.#link)
    })
  }

  async isInstalled(app: string, call: Call): Promise<boolean> {
    apps.assertPackageName(app)
    const result = await this.shell(apps.installedCommand(app), call)
    const installed = apps.parseInstalled(result)
    if (installed !== null) return installed
    const words = clipWords(`${result.stderr} ${result.stdout}`)
    throw new DalaError('DALA_DEVICE_UNUSABLE', `Cannot see whether ${app} is installed as the phone says: ${words}`, {
      fix: ['Wait until the phone has started up, then run the command again'],
    })
  }

  async appVersion(app: string, call: Call): Promise<string | null> {
    apps.assertPackageName(app)
    return apps.parseVersion(await this.shell(apps.versionCommand(app), call))
  }

  async startApp(app: string, call: Call): Promise<void> {
    apps.assertPackageName(app)
    const failure = apps.startFailure(await this.shell(apps.startCommand(app), call))
    if (failure === null) return
    const component = apps.parseLauncher(app, await this.shell(apps.launcherCommand(app), call))
    const again =
      component === null ? failure : apps.startFailure(await this.shell(apps.startComponentCommand(component), call))
    if (again === null) return
    throw new DalaError('DALA_APP_START', `Cannot start ${app} on ${this.device.id} as the phone says: ${again}`, {
      fix: [
        `See whether it is installed: adb -s ${this.link.address} shell pm path ${app}`,
        'Start the app by hand on the phone to see what it says',
      ],
    })
  }

  close(): void {
    this.#closed = true
    this.#drop()
  }

  #drop(): void {
    this.#reached?.transport.close()
    this.#reached = null
  }

  async #reach(call: Call): Promise<Reached> {
    if (this.#closed) throw new AdbError('closed', `Cannot use ${this.device.id} as this session was closed`)
    if (this.#reached !== null) return this.#reached
    const reached = await this.#tryLinks(call)
    // Another call may have connected meanwhile, or the session or the call may be over: one connection is enough.
    if (this.#reached !== null || this.#closed || call.signal.aborted) reached.transport.close()
    call.signal.throwIfAborted()
    this.#reached ??= reached
    return this.#reached
  }

  async #tryLinks(call: Call): Promise<Reached> {
    let first: unknown = null
    const { links } = this.device
    for (const [index, link] of links.entries()) {
      // A link that hangs must leave time for the ones behind it.
      const timeoutMs = index === links.length - 1 ? call.timeoutMs : call.timeoutMs / links.length
      try {
        this.#link = link
        return { link, transport: await this.#openTransport(link, { signal: call.signal, timeoutMs }) }
      } catch (error) {
        if (!(error instanceof AdbError)) throw error
        first ??= error
      }
    }
    this.#link = links[0]
    throw first
  }
}

function withDeadlineOf<T>(call: Call, operation: (signal: AbortSignal) => Promise<T>): Promise<T> {
  return withDeadline(call, 'Turning the screen on or off', operation)
}
