import { HealthCache, type Charger, type HealthSnapshot } from './cache.js'
import { Cell } from './cell.js'
import { gaugeCounter, gaugeLevelPct, type CellCharge } from './gauge.js'
import { Load, meanLoadMa } from './load.js'
import type { BatteryProfile, Workload } from './profiles.js'
import { SeededRandom } from './random.js'

/** What the phone around the battery is doing. */
export interface Conditions {
  readonly workload: Workload
  readonly screenOn: boolean
  /** Deep Doze: the health loop's chore runs at its slow period. */
  readonly dozing: boolean
}

export interface BatteryOptions {
  readonly profile: BatteryProfile
  readonly seed: number
  /** Phone uptime at which the simulation begins, s. */
  readonly startUptimeS: number
  /** The phone's conditions at an uptime that lies between the last change and now. */
  readonly conditionsAt: (uptimeS: number) => Conditions
}

/** Ground truth, which no phone would tell: for tests of what is measured. */
export interface BatteryTruth {
  readonly uptimeS: number
  readonly chargeMah: number
  readonly fullMah: number
  /** What the phone used since the start, from the cell or a charger. */
  readonly drainedMah: number
  readonly currentMa: number
  readonly voltageV: number
  readonly temperatureC: number
}

const STEP_S = 1
/** Assumptions: a plain wall charger, and a computer's port. */
const CHARGER_MA: Readonly<Record<Charger, number>> = { none: 0, ac: 1500, usb: 500 }
/** Constant voltage takes over above this state of charge; the last bit trickles in. */
const TAPER_SOC = 0.9
const TRICKLE_MA = 50

/** Current out of the cell, mA: negative while it charges. A charger that is too weak leaves the rest to the cell. */
export function cellCurrentMa(loadMa: number, charger: Charger, soc: number): number {
  if (charger === 'none') return loadMa
  const limitMa = CHARGER_MA[charger]
  if (loadMa >= limitMa) return loadMa - limitMa
  if (soc >= 1) return 0
  const taperMa = soc < TAPER_SOC ? limitMa : Math.max(TRICKLE_MA, (limitMa * (1 - soc)) / (1 - TAPER_SOC))
  return -Math.min(limitMa - loadMa, taperMa)
}

/**
 * Load, cell, gauge and cache of one phone. Simulated in steps of one phone second, and only when asked. A phone whose
 * cell is empty is off: until it is charged nothing happens, and its time passes without steps.
 */
export class VirtualBattery {
  readonly #profile: BatteryProfile
  readonly #conditionsAt: BatteryOptions['conditionsAt']
  readonly #random: SeededRandom
  readonly #load: Load
  readonly #cell: Cell
  readonly #cache: HealthCache
  #uptimeS: number
  #charger: Charger = 'none'
  #currentMa = 0
  #drainedMah = 0
  #jitterPct = 0
  /** Uptime at which the last charge went; null while there is some. */
  #emptySinceS: number | null = null

  constructor({ profile, seed, startUptimeS, conditionsAt }: BatteryOptions) {
    this.#profile = profile
    this.#conditionsAt = conditionsAt
    this.#random = new SeededRandom(seed)
    this.#load = new Load(profile.load, this.#random)
    this.#cell = new Cell(profile.cell)
    this.#uptimeS = startUptimeS
    this.#cache = new HealthCache(profile.refresh, this.#read())
  }

  /** Simulates up to `uptimeS`; time that has been simulated is not simulated again. */
  advanceTo(uptimeS: number): void {
    while (this.#uptimeS + STEP_S <= uptimeS) {
      if (this.#isOff()) this.#uptimeS += Math.floor((uptimeS - this.#uptimeS) / STEP_S) * STEP_S
      else this.#step()
    }
  }

  /** Empty, nothing feeds it, and the system has read as much: no step could change anything that is shown. */
  #isOff(): boolean {
    return this.#charger === 'none' && this.#emptySinceS !== null && this.cached.takenAtUptimeS >= this.#emptySinceS
  }

  /** Plugs or unplugs. The driver raises a uevent, so that the cache is renewed at once. */
  setCharger(charger: Charger): void {
    this.#charger = charger
    this.renew()
  }

  /** Renews the cache now, as the health service does when it is asked for an update. */
  renew(): void {
    this.#cache.renew(this.#read())
  }

  /** What the system believes: as old as the cache. */
  get cached(): HealthSnapshot {
    return this.#cache.snapshot
  }

  truth(): BatteryTruth {
    return {
      uptimeS: this.#uptimeS,
      chargeMah: this.#cell.chargeMah,
      fullMah: this.#profile.cell.fullMah,
      drainedMah: this.#drainedMah,
      currentMa: this.#currentMa,
      voltageV: this.#cell.voltageV,
      temperatureC: this.#cell.temperatureC,
    }
  }

  #step(): void {
    this.#uptimeS += STEP_S
    const { workload, screenOn, dozing } = this.#conditionsAt(this.#uptimeS)
    const loadMa = this.#load.step(meanLoadMa(this.#profile.load, workload, screenOn), STEP_S)
    this.#drainedMah += (loadMa * STEP_S) / 3600
    this.#currentMa = cellCurrentMa(loadMa, this.#charger, this.#cell.soc)
    this.#cell.step(this.#currentMa, STEP_S)
    this.#emptySinceS = this.#cell.chargeMah > 0 ? null : (this.#emptySinceS ?? this.#uptimeS)
    if (this.#cache.isPeriodDue(this.#uptimeS, dozing)) this.#drawJitter()
    if (this.#cache.isDue(this.#uptimeS, this.#levelPct(), dozing)) this.renew()
  }

  /** Held between two periods: a gauge's estimate wanders, it does not flicker. */
  #drawJitter(): void {
    const sdPct = this.#profile.level.jitterSdPct
    this.#jitterPct = sdPct === 0 ? 0 : sdPct * this.#random.normal()
  }

  #charge(): CellCharge {
    return { chargeMah: this.#cell.chargeMah, fullMah: this.#profile.cell.fullMah, jitterPct: this.#jitterPct }
  }

  #levelPct(): number {
    return gaugeLevelPct(this.#profile.level, this.#charge())
  }

  #read(): HealthSnapshot {
    const levelPct = this.#levelPct()
    return {
      takenAtUptimeS: this.#uptimeS,
      charger: this.#charger,
      status: this.#status(),
      levelPct,
      counter: gaugeCounter(this.#profile.counter, levelPct, this.#charge()),
      voltageMv: Math.round(this.#cell.voltageV * 1000),
      temperatureTenthsC: Math.round(this.#cell.temperatureC * 10),
      currentUa: Math.round(-this.#currentMa * 1000),
    }
  }

  #status(): number {
    if (this.#charger === 'none') return 3
    return this.#cell.soc >= 1 ? 5 : 2
  }
}
