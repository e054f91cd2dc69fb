/**
 * Batteries of the virtual phones. Figures marked "sourced" come from published runs, dumps of real phones or driver
 * sources; the others are engineering assumptions, there to be swept in tests.
 */

/** How the phone's gauge prints its charge counter. */
export interface CounterSpec {
  /** `fine` and `permille` floor the charge to a step; `level-derived` is the level times the step; `constant` never moves. */
  readonly kind: 'fine' | 'permille' | 'level-derived' | 'constant' | 'absent'
  readonly stepMah: number
  /** The unit the phone prints; Android's contract says µAh, some phones print mAh. */
  readonly unit: 'uAh' | 'mAh'
  /** Added before printing; negative for accumulators that count down from zero. */
  readonly offsetMah: number
}

export interface LevelSpec {
  readonly stepPct: number
  readonly rounding: 'floor' | 'nearest'
  /** From this true level on the phone shows 100; null when it does not hold. */
  readonly fullHoldPct: number | null
  readonly jitterSdPct: number
}

/** When the system's copy of the battery's state is refreshed, phone seconds. */
export interface RefreshSpec {
  /** The driver raises a uevent when the level moves. */
  readonly onLevelChange: boolean
  readonly periodicS: number
  readonly dozePeriodicS: number
}

export interface CellSpec {
  /** What the cell holds when full: not the printed design capacity. */
  readonly fullMah: number
  /** State of charge at start, 0 to 1. */
  readonly startSoc: number
  readonly r0Ohm: number
  readonly r1Ohm: number
  readonly tau1S: number
  readonly thermalCPerW: number
  readonly thermalTauS: number
}

/** `native` is the phone without a BEAM; the other two are what a BEAM costs on top, tuned or not. */
export type Workload = 'native' | 'vm-tuned' | 'vm-untuned'

export interface LoadSpec {
  /** Mean current with the screen off, mA. */
  readonly screenOffMa: Readonly<Record<Workload, number>>
  /** Mean current with the screen on, mA; null where nobody published it. */
  readonly screenOnMa: Readonly<Record<Workload, number>> | null
  readonly cv: number
  readonly tauS: number
}

export interface BatteryProfile {
  readonly cell: CellSpec
  readonly counter: CounterSpec
  readonly level: LevelSpec
  readonly refresh: RefreshSpec
  readonly load: LoadSpec
}

/** Open-circuit voltage of a 4.40 V cell: [state of charge in %, V]. */
export const OCV_4V40: readonly (readonly [number, number])[] = [
  [0, 3.3],
  [2, 3.45],
  [5, 3.58],
  [10, 3.66],
  [15, 3.7],
  [20, 3.73],
  [25, 3.75],
  [30, 3.77],
  [35, 3.79],
  [40, 3.81],
  [45, 3.84],
  [50, 3.87],
  [55, 3.91],
  [60, 3.94],
  [65, 3.98],
  [70, 4.03],
  [75, 4.07],
  [80, 4.13],
  [85, 4.18],
  [90, 4.24],
  [95, 4.31],
  [100, 4.39],
]

const FLOOR_1PCT: LevelSpec = { stepPct: 1, rounding: 'floor', fullHoldPct: null, jitterSdPct: 0 }
const NEAREST_1PCT: LevelSpec = { ...FLOOR_1PCT, rounding: 'nearest' }
const FINE_1MAH: CounterSpec = { kind: 'fine', stepMah: 1, unit: 'uAh', offsetMah: 0 }

/** Sourced: 2834 mAh at 98 %, 2863 at 99 %, 2805 at 97 % all give 2891.8 full: the counter moves in steps of 1 %. */
export const MOTO_E_BATTERY: BatteryProfile = {
  cell: { fullMah: 2891.8, startSoc: 0.98, r0Ohm: 0.13, r1Ohm: 0.05, tau1S: 80, thermalCPerW: 10, thermalTauS: 1200 },
  counter: { kind: 'level-derived', stepMah: 28.918, unit: 'uAh', offsetMah: 0 },
  level: FLOOR_1PCT,
  refresh: { onLevelChange: true, periodicS: 60, dozePeriodicS: 600 },
  load: {
    screenOffMa: { native: 45, 'vm-tuned': 55, 'vm-untuned': 95 },
    screenOnMa: null,
    cv: 0.3,
    tauS: 60,
  },
}

/** Sourced: full between 4988 and 5002 mAh from three published rows; screen-on currents from the same runs. */
export const MOTO_G_BATTERY: BatteryProfile = {
  cell: { fullMah: 5000, startSoc: 0.945, r0Ohm: 0.1, r1Ohm: 0.04, tau1S: 90, thermalCPerW: 8, thermalTauS: 1500 },
  counter: FINE_1MAH,
  level: FLOOR_1PCT,
  refresh: { onLevelChange: true, periodicS: 60, dozePeriodicS: 900 },
  load: {
    screenOffMa: { native: 60, 'vm-tuned': 70, 'vm-untuned': 130 },
    screenOnMa: { native: 200, 'vm-tuned': 202, 'vm-untuned': 250 },
    cv: 0.4,
    tauS: 90,
  },
}

/** Sourced: 5000 µAh steps are 0.1 % of full (SM5713 fuel gauge driver: capacity times raw capacity). */
export const SAMSUNG_A35_BATTERY: BatteryProfile = {
  cell: { fullMah: 5000, startSoc: 0.95, r0Ohm: 0.09, r1Ohm: 0.03, tau1S: 60, thermalCPerW: 8, thermalTauS: 1300 },
  counter: { kind: 'permille', stepMah: 5, unit: 'uAh', offsetMah: 0 },
  level: FLOOR_1PCT,
  refresh: { onLevelChange: false, periodicS: 30, dozePeriodicS: 600 },
  load: {
    screenOffMa: { native: 40, 'vm-tuned': 50, 'vm-untuned': 95 },
    screenOnMa: null,
    cv: 0.4,
    tauS: 60,
  },
}

/** Sourced: 4618 of 5022 mAh in a dump of a real phone; multiples of 1000 µAh (MAX1720x RepCap). */
export const PIXEL_8PRO_BATTERY: BatteryProfile = {
  cell: { fullMah: 4618, startSoc: 0.95, r0Ohm: 0.08, r1Ohm: 0.03, tau1S: 60, thermalCPerW: 7, thermalTauS: 1400 },
  counter: FINE_1MAH,
  level: NEAREST_1PCT,
  refresh: { onLevelChange: true, periodicS: 30, dozePeriodicS: 600 },
  load: {
    screenOffMa: { native: 35, 'vm-tuned': 45, 'vm-untuned': 90 },
    screenOnMa: null,
    cv: 0.4,
    tauS: 60,
  },
}

/** Sourced: HyperOS 3 prints the counter in mAh (4274 at 80 %). */
export const REDMI_MAH_BATTERY: BatteryProfile = {
  cell: { fullMah: 5340, startSoc: 0.8, r0Ohm: 0.08, r1Ohm: 0.03, tau1S: 60, thermalCPerW: 8, thermalTauS: 1300 },
  counter: { ...FINE_1MAH, unit: 'mAh' },
  level: NEAREST_1PCT,
  refresh: { onLevelChange: true, periodicS: 60, dozePeriodicS: 600 },
  load: {
    screenOffMa: { native: 40, 'vm-tuned': 50, 'vm-untuned': 95 },
    screenOnMa: null,
    cv: 0.4,
    tauS: 60,
  },
}
