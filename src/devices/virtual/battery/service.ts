import type { VirtualBattery } from './battery.js'
import type { HealthSnapshot } from './cache.js'

/** The fields of BatteryService's in-memory copy, as `dumpsys battery` prints them. */
export interface BatteryCopy {
  readonly acOnline: boolean
  readonly usbOnline: boolean
  readonly wirelessOnline: boolean
  readonly dockOnline: boolean
  readonly maxChargingCurrentUa: number
  readonly maxChargingVoltageUv: number
  readonly counter: number | null
  readonly status: number
  readonly health: number
  readonly present: boolean
  readonly levelPct: number
  readonly voltageMv: number
  readonly temperatureTenthsC: number
  readonly technology: string
  readonly invalidCharger: number
  readonly currentUa: number
}

/** Whether `set` took the value. */
export type SetResult = 'set' | 'unknown_key' | 'bad_value'

const HEALTH_GOOD = 2
const CHARGER_UA = { none: 0, ac: 1_500_000, usb: 500_000 } as const
const CHARGER_UV = 5_000_000

/**
 * Android's battery service. It keeps a copy of what the health service last sent; `set` and `unplug` overwrite the copy
 * and stop every update of it, level and counter included, until `reset` (AOSP BatteryService.java, mUpdatesStopped).
 * The battery itself goes on as before.
 */
export class BatteryService {
  readonly #battery: VirtualBattery
  readonly #onCopyChanged: (plugged: boolean) => void
  #frozen: BatteryCopy | null = null
  #sequence = 1

  constructor(battery: VirtualBattery, onCopyChanged: (plugged: boolean) => void) {
    this.#battery = battery
    this.#onCopyChanged = onCopyChanged
  }

  get updatesStopped(): boolean {
    return this.#frozen !== null
  }

  get copy(): BatteryCopy {
    return this.#frozen ?? copyOf(this.#battery.cached)
  }

  get plugged(): boolean {
    const { acOnline, usbOnline, wirelessOnline, dockOnline } = this.copy
    return acOnline || usbOnline || wirelessOnline || dockOnline
  }

  /** Overwrites one field of the copy and freezes all of it. */
  set(key: string, value: string): SetResult {
    const number = /^[+-]?\d{1,10}$/.test(value) ? Number(value) : Number.NaN
    const change = changeFor(key, number)
    if (change === null) return 'unknown_key'
    if (Number.isNaN(number)) return 'bad_value'
    this.#freeze(change)
    return 'set'
  }

  /** Pretends that nothing feeds the phone, and freezes the copy. Charging goes on. */
  unplug(): void {
    this.#freeze({ acOnline: false, usbOnline: false, wirelessOnline: false, dockOnline: false })
  }

  /** Lets updates in again, beginning with the newest that was held back. */
  reset(): void {
    this.#frozen = null
    this.changed()
  }

  /** Asks the health service for an update. */
  renew(): void {
    this.#battery.renew()
  }

  /** Tells the listeners of the copy that it may have changed; returns the broadcast's sequence number. */
  changed(): number {
    this.#sequence += 1
    this.#onCopyChanged(this.plugged)
    return this.#sequence
  }

  get sequence(): number {
    return this.#sequence
  }

  #freeze(change: Partial<BatteryCopy>): void {
    this.#frozen = { ...this.copy, ...change }
    this.changed()
  }
}

function copyOf(health: HealthSnapshot): BatteryCopy {
  return {
    acOnline: health.charger === 'ac',
    usbOnline: health.charger === 'usb',
    wirelessOnline: false,
    dockOnline: false,
    maxChargingCurrentUa: CHARGER_UA[health.charger],
    maxChargingVoltageUv: health.charger === 'none' ? 0 : CHARGER_UV,
    counter: health.counter,
    status: health.status,
    health: HEALTH_GOOD,
    present: true,
    levelPct: health.levelPct,
    voltageMv: health.voltageMv,
    temperatureTenthsC: health.temperatureTenthsC,
    technology: 'Li-ion',
    invalidCharger: 0,
    currentUa: health.currentUa,
  }
}

function changeFor(key: string, value: number): Partial<BatteryCopy> | null {
  switch (key) {
    case 'present':
      return { present: value !== 0 }
    case 'ac':
      return { acOnline: value !== 0 }
    case 'usb':
      return { usbOnline: value !== 0 }
    case 'wireless':
      return { wirelessOnline: value !== 0 }
    case 'dock':
      return { dockOnline: value !== 0 }
    case 'status':
      return { status: value }
    case 'level':
      return { levelPct: value }
    case 'counter':
      return { counter: value }
    case 'temp':
      return { temperatureTenthsC: value }
    case 'invalid':
      return { invalidCharger: value }
    default:
      return null
  }
}
