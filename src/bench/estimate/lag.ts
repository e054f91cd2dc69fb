import type { Sample } from '../types.js'
import { crossesGap, type Gap } from './gaps.js'
import { median, type Reading } from './readings.js'
import { measureStep } from './step.js'
import { findTransitions, type Point } from './transitions.js'

export interface Lag {
  /** The longest stretch of unchanged readings, seconds; 0 when each poll showed something new. */
  readonly seconds: number
  readonly atS: number
  /** `readings`: of all readings; `jumps`: of a gauge that skips steps; `steps`: no more than the gauge's own time a step. */
  readonly from: 'readings' | 'jumps' | 'steps'
}

/** With fewer polls a stretch says more about the polls than about the phone. */
const MIN_POLLS = 10

type Field = 'levelPct' | 'chargeCounterUah' | 'voltageMv' | 'temperatureC'
const FIELDS: readonly Field[] = ['levelPct', 'chargeCounterUah', 'voltageMv', 'temperatureC']

/**
 * How long the phone went on showing the same readings (docs/method.md, "Refresh lag"). Null when it can't be seen:
 * few polls, or a coarse gauge alone, which stands still between its steps however fresh its readings are.
 */
export function refreshLag(rows: readonly Reading[], gaps: readonly Gap[]): Lag | null {
  if (rows.length < MIN_POLLS) return null
  const moves = (field: Field): boolean => rows.some((row) => row.sample[field] !== rows[0]?.sample[field])
  const measures = (field: Field): boolean => rows.some((row) => row.sample[field] !== null)
  const gaugeMoves = moves('levelPct') || moves('chargeCounterUah')
  // A voltage that never changes while the gauge does is a sensor that is not there, not a fresh reading.
  const witness = (field: Field): boolean => measures(field) && (moves(field) || !gaugeMoves)
  if (!witness('voltageMv') && !witness('temperatureC')) return null
  return longestStretch(rows, gaps)
}

/** Above this many steps a fall is one of several: half a step is the rounding of the numbers. */
const SKIP_STEPS = 1.5

/**
 * The lag as the gauge alone shows it, where no voltage or temperature does (docs/method.md, "Refresh lag"). A gauge
 * that skips steps is behind a cache: the longest stretch without a move. One that takes them one by one has no lag
 * longer than they last. Null with less than two falls: then it can't be told.
 */
export function lagOfGauge(rows: readonly Reading[], gaps: readonly Gap[], points: readonly Point[]): Lag | null {
  const falls = findTransitions(points, 0)
  const first = falls[0]
  const step = measureStep(points.map((point) => point.v))
  if (rows.length < MIN_POLLS || first === undefined || falls.length < 2 || step === null) return null
  const skips = falls.some((fall, index) => {
    const before = falls[index - 1]?.v ?? points[0]?.v ?? fall.v
    return before - fall.v > SKIP_STEPS * step && !crossesGap(gaps, fall.t - fall.window, fall.t)
  })
  if (skips) return { ...longestStretch(rows, gaps), from: 'jumps' }
  return {
    seconds: median(falls.slice(1).map((fall, index) => fall.t - (falls[index]?.t ?? 0))) ?? 0,
    atS: first.t,
    from: 'steps',
  }
}

function longestStretch(rows: readonly Reading[], gaps: readonly Gap[]): Lag {
  const first = rows[0]
  let start = first
  let longest: Lag = { seconds: 0, atS: first?.t ?? 0, from: 'readings' }
  let nextGap = 0
  rows.forEach((row, index) => {
    const before = rows[index - 1] ?? row
    while ((gaps[nextGap]?.toS ?? Number.POSITIVE_INFINITY) <= before.t) nextGap += 1
    const broken = crossesGap(gaps.slice(nextGap, nextGap + 1), before.t, row.t)
    if (start === undefined || broken || !same(start.sample, row.sample)) start = row
    if (row.t - start.t > longest.seconds) longest = { seconds: row.t - start.t, atS: start.t, from: 'readings' }
  })
  return longest
}

function same(a: Sample, b: Sample): boolean {
  return FIELDS.every((field) => a[field] === b[field])
}
