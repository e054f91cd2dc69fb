import type { CounterSpec, LevelSpec } from './profiles.js'

/** What a gauge knows of its cell. */
export interface CellCharge {
  readonly chargeMah: number
  readonly fullMah: number
  /** Error of the level estimate right now, percent points. */
  readonly jitterPct: number
}

/** A charge that is a whole number of steps but for rounding is not one step less. */
const ROUNDING = 1e-9

/** The level the phone shows, percent. */
export function gaugeLevelPct(spec: LevelSpec, { chargeMah, fullMah, jitterPct }: CellCharge): number {
  const pct = (chargeMah / fullMah) * 100 + jitterPct
  if (spec.fullHoldPct !== null && pct >= spec.fullHoldPct) return 100
  const steps = spec.rounding === 'floor' ? Math.floor(pct / spec.stepPct + ROUNDING) : Math.round(pct / spec.stepPct)
  return Math.min(100, Math.max(0, steps * spec.stepPct))
}

/** The charge counter as the phone prints it, in the profile's own unit; null when the gauge has none. */
export function gaugeCounter(spec: CounterSpec, levelPct: number, charge: CellCharge): number | null {
  const mah = counterMah(spec, levelPct, charge)
  return mah === null ? null : Math.round((mah + spec.offsetMah) * (spec.unit === 'mAh' ? 1 : 1000))
}

function counterMah(spec: CounterSpec, levelPct: number, { chargeMah }: CellCharge): number | null {
  if (spec.kind === 'absent') return null
  if (spec.kind === 'constant') return spec.stepMah
  if (spec.kind === 'level-derived') return levelPct * spec.stepMah
  return Math.floor(chargeMah / spec.stepMah + ROUNDING) * spec.stepMah
}
