import type { VirtualBattery } from './battery/battery.js'
import type { Charger } from './battery/cache.js'
import type { BatteryService } from './battery/service.js'
import type { PhoneFiles } from './file-system.js'
import type { PhoneModel } from './models.js'
import type { PackageRegistry } from './packages.js'
import type { PhoneClock } from './phone-clock.js'
import type { IdleMode, PowerState } from './power-state.js'
import type { ProcessTable } from './processes.js'
import type { PropertyStore } from './properties.js'
import type { SettingsStore } from './settings.js'

export interface MachineParts {
  readonly model: PhoneModel
  readonly apiLevel: number
  readonly clock: PhoneClock
  readonly props: PropertyStore
  readonly battery: VirtualBattery
  readonly batteryService: BatteryService
  readonly power: PowerState
  readonly packages: PackageRegistry
  readonly processes: ProcessTable
  readonly settings: SettingsStore
  readonly files: PhoneFiles
}

/** All of a virtual phone that its shell can see. What happened up to now is simulated before anything changes. */
export class Machine {
  readonly parts: MachineParts
  /** The app whose activity is on the screen; null while the launcher's is. */
  topApp: string | null = null
  /** `logcat -c` was called: nothing is logged after the start-up. */
  logCleared = false

  constructor(parts: MachineParts) {
    this.parts = parts
  }

  /** The battery service, as it is now. */
  get batteryService(): BatteryService {
    this.settle()
    return this.parts.batteryService
  }

  /** Simulates up to now. */
  settle(): number {
    const uptimeS = this.parts.clock.uptimeS()
    this.parts.battery.advanceTo(uptimeS)
    return uptimeS
  }

  setScreen(on: boolean): void {
    this.parts.power.setScreen(on, this.settle())
  }

  forceIdle(mode: IdleMode | null): void {
    this.parts.power.forceIdle(mode, this.settle())
  }

  setCharger(charger: Charger): void {
    this.settle()
    this.parts.battery.setCharger(charger)
    this.parts.batteryService.changed()
  }
}
