import type { RefreshSpec } from './profiles.js'

/** What feeds the phone. */
export type Charger = 'none' | 'ac' | 'usb'

/** What the health service read of the battery at one moment. */
export interface HealthSnapshot {
  readonly takenAtUptimeS: number
  readonly charger: Charger
  /** BatteryManager: 2 charging, 3 discharging, 4 not charging, 5 full. */
  readonly status: number
  readonly levelPct: number
  /** As printed, in the profile's unit; null when the gauge has none. */
  readonly counter: number | null
  readonly voltageMv: number
  readonly temperatureTenthsC: number
  /** Out of the cell is negative, as BatteryManager documents it. */
  readonly currentUa: number
}

/**
 * The copy `dumpsys battery` prints. AOSP's BatteryService keeps what the health service last sent: on a uevent, or by
 * the health loop's periodic chore (libhealthloop; 60 s and 600 s by default), never on asking.
 */
export class HealthCache {
  readonly #spec: RefreshSpec
  #snapshot: HealthSnapshot

  constructor(spec: RefreshSpec, first: HealthSnapshot) {
    this.#spec = spec
    this.#snapshot = first
  }

  get snapshot(): HealthSnapshot {
    return this.#snapshot
  }

  /** Whether the copy is renewed at `uptimeS`, given the level the gauge shows now. */
  isDue(uptimeS: number, levelPct: number, dozing: boolean): boolean {
    if (this.#spec.onLevelChange && levelPct !== this.#snapshot.levelPct) return true
    return this.isPeriodDue(uptimeS, dozing)
  }

  isPeriodDue(uptimeS: number, dozing: boolean): boolean {
    const periodS = dozing ? this.#spec.dozePeriodicS : this.#spec.periodicS
    return uptimeS - this.#snapshot.takenAtUptimeS >= periodS
  }

  renew(snapshot: HealthSnapshot): void {
    this.#snapshot = snapshot
  }
}
