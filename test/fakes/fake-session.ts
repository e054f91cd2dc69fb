import type {
  BatteryReading,
  BatteryStatus,
  DeviceInfo,
  DeviceSession,
  Observation,
  ScreenState,
} from '../../src/devices/types.js'

export interface FakeReading {
  readonly uptimeS?: number | null
  readonly levelPct?: number | null
  readonly chargeCounterUah?: number | null
  readonly plugged?: Partial<BatteryReading['plugged']>
  readonly status?: BatteryStatus
  readonly screen?: ScreenState | null
  readonly appPids?: readonly number[] | null
  readonly updatesStopped?: boolean
}

/** One look at a phone on battery; whatever is not named is ordinary. */
export function reading(seen: FakeReading = {}): Observation {
  return {
    uptimeS: seen.uptimeS ?? null,
    appPids: seen.appPids === undefined ? [4321] : seen.appPids,
    screen: seen.screen ?? null,
    battery: battery(seen),
  }
}

export function battery(seen: FakeReading = {}): BatteryReading {
  return {
    levelPct: seen.levelPct === undefined ? 80 : seen.levelPct,
    voltageMv: 4100,
    temperatureC: 28.5,
    chargeCounterUah: seen.chargeCounterUah === undefined ? 4_000_000 : seen.chargeCounterUah,
    rawChargeCounter: seen.chargeCounterUah === undefined ? 4_000_000 : seen.chargeCounterUah,
    status: seen.status ?? 'discharging',
    plugged: { ac: false, usb: false, wireless: false, dock: null, ...seen.plugged },
    present: true,
    health: 'good',
    technology: 'Li-ion',
    updatesStopped: seen.updatesStopped ?? false,
  }
}

export function deviceInfo(differs: Partial<DeviceInfo> = {}): DeviceInfo {
  return {
    id: 'p',
    serial: 'SERIAL1',
    platform: 'android',
    model: 'Phone',
    manufacturer: 'Maker',
    product: 'phone',
    osVersion: '14',
    apiLevel: 34,
    build: 'B1',
    abi: 'arm64-v8a',
    kernel: null,
    bootId: 'boot-1',
    uptimeS: 5000,
    screen: 'off',
    powerSaver: false,
    simulated: null,
    battery: battery(),
    ...differs,
  }
}

/** A phone that answers as told and remembers what it was asked. */
export function fakeSession(answers: Partial<DeviceSession> = {}): DeviceSession & { readonly calls: string[] } {
  const calls: string[] = []
  const link = { transport: 'wifi', via: 'adb-server', address: '10.0.0.7:5555' } as const
  const state = { name: 'ready', detail: 'device', cause: null, fix: null } as const
  return {
    calls,
    device: { id: 'p', platform: 'android', links: [link], state, hints: {} },
    link,
    shell: () => Promise.resolve({ stdout: '', stderr: '', exitCode: 0 }),
    info: () => Promise.resolve(deviceInfo()),
    battery: () => Promise.resolve(battery()),
    observe: () => Promise.resolve(reading()),
    screen: () => Promise.resolve('off'),
    isInstalled: () => Promise.resolve(true),
    appVersion: () => Promise.resolve('1.2.3'),
    startApp: (app) => {
      calls.push(`startApp ${app}`)
      return Promise.resolve()
    },
    setScreen: (screen) => {
      calls.push(`setScreen ${screen}`)
      return Promise.resolve(screen)
    },
    close: () => undefined,
    ...answers,
  }
}
