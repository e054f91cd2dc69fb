import type { BatteryStatus } from '../../devices/types.js'
import type { Run, Taint } from '../types.js'
import { measureStep } from './step.js'
import type { Point } from './transitions.js'

const HOT_C = 40
const DRIFT_C = 3
/** What a phone draws or is charged with at most, µA; three times that can only be the gauge correcting itself. */
const CURRENT_MAX_UA = 1_500_000
const JUMP_FACTOR = 3
const CHARGING: ReadonlySet<BatteryStatus | null> = new Set(['charging', 'full'])

/** The counter's readings in µAh, and how old they may be. */
export interface Counter {
  readonly points: readonly Point[]
  readonly lagS: number
}

/** Charging, by what the phone says and by what its counter does: the flags alone are wrong on some phones. */
export function chargingTaints(run: Run, counter: Counter): readonly Taint[] {
  const sample = run.samples.find((row) => row.charging === true)
  if (sample !== undefined) {
    return [{ code: 'charging', effect: 'taint', detail: 'the phone was charging', atS: sample.elapsedS }]
  }
  const event = run.events.find((entry) => entry.type === 'sample' && CHARGING.has(entry.status))
  if (event?.type === 'sample') {
    const detail = `the phone said it was ${event.status === 'full' ? 'full' : 'charging'}`
    return [{ code: 'charging', effect: 'taint', detail, atS: event.sample.elapsedS }]
  }
  return risingCounter(counter)
}

function risingCounter({ points, lagS }: Counter): readonly Taint[] {
  const step = measureStep(points.map((point) => point.v))
  let lowest = points[0]
  if (step === null || lowest === undefined) return []
  for (const [index, point] of points.entries()) {
    if (point.v <= lowest.v) lowest = point
    const before = points[index - 1] ?? point
    // One step up is jitter (docs/method.md, "Taints"); half a step is the rounding of the numbers.
    const up = point.v - lowest.v
    if (up > 1.5 * step && point.v - before.v <= largestMove(step, point.t - before.t + lagS)) {
      const detail = `the charge counter rose by ${(up / 1000).toFixed(1)} mAh: the phone was charging`
      return [{ code: 'charging', effect: 'taint', detail, atS: point.t }]
    }
  }
  return []
}

/** A move of the counter, up or down, that no current can have made: the gauge corrected itself. */
export function recalibrationTaints({ points, lagS }: Counter): readonly Taint[] {
  const step = measureStep(points.map((point) => point.v))
  if (step === null) return []
  for (const [index, point] of points.entries()) {
    const before = points[index - 1] ?? point
    const move = Math.abs(point.v - before.v)
    if (move > largestMove(step, point.t - before.t + lagS)) {
      const detail = `the charge counter jumped by ${(move / 1000).toFixed(1)} mAh: the gauge corrected itself`
      return [{ code: 'recalibration', effect: 'taint', detail, atS: point.t }]
    }
  }
  return []
}

/** µAh that the counter can move by between two readings, `seconds` apart at most. */
function largestMove(step: number, seconds: number): number {
  return step + (JUMP_FACTOR * CURRENT_MAX_UA * seconds) / 3600
}

/** A battery that was hot, or grew warmer or colder during the run: both change what it gives. */
export function thermalTaints(run: Run): readonly Taint[] {
  let [coldest, hottest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  let atS: number | null = null
  for (const { temperatureC, elapsedS } of run.samples) {
    if (temperatureC === null) continue
    coldest = Math.min(coldest, temperatureC)
    hottest = Math.max(hottest, temperatureC)
    if (hottest > HOT_C || hottest - coldest > DRIFT_C) atS ??= elapsedS
  }
  if (atS === null) return []
  const detail = `the battery was between ${coldest.toFixed(1)} °C and ${hottest.toFixed(1)} °C (limits: ${HOT_C} °C, change of ${DRIFT_C} °C)`
  return [{ code: 'thermal', effect: 'taint', detail, atS }]
}
