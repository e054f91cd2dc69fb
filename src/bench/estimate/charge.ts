import { COUNTER_FACTORS, FULL_UAH, isPlausibleFull } from '../../core/charge-units.js'
import type { Taint } from '../types.js'
import { median, type Reading } from './readings.js'

/** A charge counter that can be measured with. */
export interface Charge {
  /** What the counter's numbers are multiplied with to give µAh. */
  readonly factor: number
  /** Full charge that counter and level imply, µAh; null when they don't. */
  readonly fullUah: number | null
}

export interface ChargeVerdict {
  /** Null: no counter, or not one to trust; measure with the level. */
  readonly charge: Charge | null
  readonly taints: readonly Taint[]
}

/** Outside of what a battery can hold the counter is in another unit (docs/method.md, "Counter"). */
const FACTORS = Object.values(COUNTER_FACTORS)
/** Below this no phone runs for long: such a counter without a level is in another unit. */
const CHARGE_MIN_UAH = 100_000
const MAX_DISAGREEMENT_PCT = 2
const FROZEN_LEVEL_PCT = 2
/** Below this fall of the level a full charge taken from differences is too rough. */
const DIFFERENCE_MIN_PCT = 5

/** Judges the charge counter by the level: its unit, whether it moves at all, and whether the two agree. */
export function judgeCounter(rows: readonly Reading[]): ChargeVerdict {
  const pairs = rows.flatMap(({ sample: { chargeCounterUah: counter, levelPct } }) =>
    counter === null ? [] : [{ counter, level: levelPct }],
  )
  if (pairs.length < 2) return { charge: null, taints: [] }
  const frozen = frozenCounter(rows, pairs)
  if (frozen !== null) return { charge: null, taints: frozen }
  const levelled = pairs.flatMap(({ counter, level }) => (level === null || level <= 0 ? [] : [{ counter, level }]))
  if (levelled.length === 0) return withoutLevel(pairs.map((pair) => pair.counter))
  const full = median(levelled.map(({ counter, level }) => (100 * counter) / level)) ?? 0
  const factor = FACTORS.find((candidate) => isPlausibleFull(full * candidate))
  if (factor === undefined) return fromDifferences(levelled)
  // At 100 % many phones hold the level back while the counter falls: there the level is the one that is wrong.
  const worst = levelled.reduce(
    (most, { counter, level }) => (level >= 100 ? most : Math.max(most, Math.abs((100 * counter) / full - level))),
    0,
  )
  if (worst > MAX_DISAGREEMENT_PCT) return { charge: null, taints: [disagreement(worst)] }
  return { charge: { factor, fullUah: full * factor }, taints: unitNote(factor) }
}

interface Pair {
  readonly counter: number
  readonly level: number | null
}

/** Null unless the counter stood still while the level moved. */
function frozenCounter(rows: readonly Reading[], pairs: readonly Pair[]): readonly Taint[] | null {
  if (pairs.some((pair) => pair.counter !== pairs[0]?.counter)) return null
  const levels = rows.flatMap(({ sample }) => (sample.levelPct === null ? [] : [sample.levelPct]))
  const fell = (levels[0] ?? 0) - (levels.at(-1) ?? 0)
  if (fell === 0) return null
  const detail = `the charge counter stood still while the level fell by ${fell} %: measured with the level instead`
  // One percent could be the counter's own coarseness; the level is still the gauge that says more.
  return Math.abs(fell) < FROZEN_LEVEL_PCT ? [] : [{ code: 'counter_frozen', effect: 'note', detail, atS: null }]
}

function withoutLevel(counters: readonly number[]): ChargeVerdict {
  const typical = median(counters.map(Math.abs)) ?? 0
  const factor = [COUNTER_FACTORS.documented, COUNTER_FACTORS.mah].find(
    (candidate) => typical * candidate >= CHARGE_MIN_UAH && typical * candidate <= FULL_UAH.max,
  )
  if (factor === undefined) return { charge: null, taints: [implausible()] }
  return { charge: { factor, fullUah: null }, taints: unitNote(factor) }
}

/** An accumulator with an offset, often negative, says nothing of what is left; its differences do. */
function fromDifferences(pairs: readonly { readonly counter: number; readonly level: number }[]): ChargeVerdict {
  const first = pairs[0]
  const last = pairs.at(-1)
  if (first === undefined || last === undefined || first.counter >= 0) return { charge: null, taints: [implausible()] }
  const fell = first.level - last.level
  const implied = fell === 0 ? null : (100 * (first.counter - last.counter)) / fell
  // Both ends of the level are rounded: two percent of slack on a small fall decide nothing.
  if (implied !== null && fell >= DIFFERENCE_MIN_PCT && !isPlausibleFull(implied)) {
    return { charge: null, taints: [implausible()] }
  }
  const detail = 'the charge counter has an offset (it is negative): only its differences are used'
  return {
    charge: { factor: 1, fullUah: implied !== null && fell >= DIFFERENCE_MIN_PCT ? implied : null },
    taints: [{ code: 'counter_offset', effect: 'note', detail, atS: null }],
  }
}

function unitNote(factor: number): readonly Taint[] {
  if (factor === COUNTER_FACTORS.documented) return []
  const detail =
    factor === COUNTER_FACTORS.mah
      ? 'the charge counter is printed in mAh'
      : 'the charge counter is printed in tens of µAh'
  return [{ code: 'counter_unit', effect: 'note', detail, atS: null }]
}

function implausible(): Taint {
  const detail = 'the charge counter fits no battery of 0.8 to 15 Ah in any unit: measured with the level instead'
  return { code: 'counter_implausible', effect: 'note', detail, atS: null }
}

function disagreement(worst: number): Taint {
  const detail = `level and charge counter disagree by ${worst.toFixed(1)} % of the full charge: measured with the level instead`
  return { code: 'counter_disagrees', effect: 'taint', detail, atS: null }
}
