import type { Call } from '../core/deadline.js'
import type { ErrorCode } from '../core/errors.js'

export type Platform = 'android' | 'ios'
export type TransportKind = 'usb' | 'wifi' | 'tcp' | 'emulator' | 'simulator' | 'virtual'

/** One way to reach a phone. */
export interface Link {
  readonly transport: TransportKind
  /** Who carries it: the adb server, or a connection of our own to the phone's adbd. */
  readonly via: 'adb-server' | 'adbd'
  /** adb serial, or `host:port`. */
  readonly address: string
}

/**
 * What a phone's link says of it. `ready` is the only one that can be used; the others keep the source's own word in
 * `detail` and say why and what to do in `cause` and `fix`.
 */
export interface DeviceState {
  readonly name:
    | 'ready'
    | 'unauthorized'
    | 'authorizing'
    | 'connecting'
    | 'offline'
    | 'no_permissions'
    | 'recovery'
    | 'sideload'
    | 'rescue'
    | 'bootloader'
    | 'host'
    | 'timeout'
    | 'unknown'
  /** The state as the source said it, e.g. `no permissions (missing udev rules?); see […]`. */
  readonly detail: string
  /** Why it can't be used, one sentence; null when ready. */
  readonly cause: string | null
  /** What to do about it, one sentence; null when ready. */
  readonly fix: string | null
}

/** A phone as found, before anything was asked of it. */
export interface FoundDevice {
  /** Stable name a user can type: the virtual phone's id, otherwise the adb serial. */
  readonly id: string
  readonly platform: Platform
  /** Best link first; never empty. */
  readonly links: readonly [Link, ...Link[]]
  readonly state: DeviceState
  /** What discovery alone knows (`adb devices -l`: product, model, device, usb, transport_id). */
  readonly hints: Readonly<Record<string, string>>
}

/** `status` of a battery, from BatteryManager's constants 1 to 5. */
export type BatteryStatus = 'unknown' | 'charging' | 'discharging' | 'not_charging' | 'full'

/** One reading of a battery: normalised to the units in the names and plausible, or null. */
export interface BatteryReading {
  readonly levelPct: number | null
  readonly voltageMv: number | null
  readonly temperatureC: number | null
  readonly chargeCounterUah: number | null
  /** The counter as printed, before the unit was made plausible. */
  readonly rawChargeCounter: number | null
  readonly status: BatteryStatus | null
  readonly plugged: {
    readonly ac: boolean | null
    readonly usb: boolean | null
    readonly wireless: boolean | null
    readonly dock: boolean | null
  }
  readonly present: boolean | null
  readonly health: 'unknown' | 'good' | 'overheat' | 'dead' | 'over_voltage' | 'unspecified_failure' | 'cold' | null
  readonly technology: string | null
  /** `dumpsys battery set` or `unplug` froze the values (UPDATES STOPPED). */
  readonly updatesStopped: boolean
}

/** All that is known of a phone; null where it did not say. */
export interface DeviceInfo {
  readonly id: string
  readonly serial: string | null
  readonly platform: Platform
  readonly model: string | null
  readonly manufacturer: string | null
  readonly product: string | null
  readonly osVersion: string | null
  readonly apiLevel: number | null
  readonly build: string | null
  readonly abi: string | null
  readonly kernel: string | null
  readonly bootId: string | null
  readonly uptimeS: number | null
  readonly screen: ScreenState | null
  readonly powerSaver: boolean | null
  /** Null for a real phone. */
  readonly simulated: { readonly timeScale: number } | null
  readonly battery: BatteryReading | null
}

export type ScreenState = 'on' | 'off'

export interface ShellResult {
  readonly stdout: string
  readonly stderr: string
  /** Null where the phone's shell protocol can't tell. */
  readonly exitCode: number | null
}

/** What one look at the phone says, all from a single round trip. */
export interface Observation {
  /** The phone's own uptime clock, seconds since its boot; null when it did not say. */
  readonly uptimeS: number | null
  readonly battery: BatteryReading | null
  /** Process ids of the app asked for; empty when it does not run; null when not asked or not answered. */
  readonly appPids: readonly number[] | null
  readonly screen: ScreenState | null
}

/** A phone that has been reached. Every method rejects with `DalaError` when the phone can't answer within the call. */
export interface DeviceSession {
  readonly device: FoundDevice
  /** The link in use. */
  readonly link: Link
  shell(command: string, call: Call): Promise<ShellResult>
  info(call: Call): Promise<DeviceInfo>
  battery(call: Call): Promise<BatteryReading>
  observe(what: { readonly app: string | null; readonly screen: boolean }, call: Call): Promise<Observation>
  screen(call: Call): Promise<ScreenState | null>
  /** Idempotent (WAKEUP and SLEEP, never the toggle); resolves with what the phone says afterwards. */
  setScreen(state: ScreenState, call: Call): Promise<ScreenState | null>
  isInstalled(app: string, call: Call): Promise<boolean>
  /** The installed app's version name; null when the phone does not say. */
  appVersion(app: string, call: Call): Promise<string | null>
  startApp(app: string, call: Call): Promise<void>
  close(): void
}

/** Finds phones of one kind. */
export interface DeviceSource {
  readonly name: string
  /** How a list that never comes is told: who gave no answer, and what to do about it. */
  readonly whenLate: { readonly code: ErrorCode; readonly who: string; readonly fix: string }
  list(call: Call): Promise<readonly FoundDevice[]>
}
