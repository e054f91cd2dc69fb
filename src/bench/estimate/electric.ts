import type { BatteryStatus } from '../../devices/types.js'
import type { Run, Taint } from '../types.js'
import { courseOf } from './course.js'
import { measureStep } from './step.js'
import type { Point } from './transitions.js'

const HOT_C = 40
const DRIFT_C = 3
/** What a phone draws or is charged with at most, µA; three times that can only be the gauge correcting itself. */
const CURRENT_MAX_UA = 1_500_000
const JUMP_FACTOR = 3
const CHARGING: ReadonlySet<BatteryStatus | null> = new Set(['charging', 'full'])

/** The counter's readings in µAh, the level's in hundredths of a percent, and how old they may be. */
export interface Gauges {
  readonly counter: readonly Point[]
  readonly level: readonly Point[]
  readonly lagS: number
  /** The steps they usually have, ticks; null: not known. */
  readonly counterStep: number | null
  readonly levelStep: number
}

/** Charging, by what the phone says and by what its gauges do: the flags alone are wrong on some phones. */
export function chargingTaints(run: Run, gauges: Gauges): readonly Taint[] {
  const sample = run.samples.find((row) => row.charging === true)
  if (sample !== undefined) {
    return [{ code: 'charging', effect: 'taint', detail: 'the phone was charging', atS: sample.elapsedS }]
  }
  const event = run.events.find((entry) => entry.type === 'sample' && CHARGING.has(entry.status))
  if (event?.type === 'sample') {
    const detail = `the phone said it was ${event.status === 'full' ? 'full' : 'charging'}`
    return [{ code: 'charging', effect: 'taint', detail, atS: event.sample.elapsedS }]
  }
  return risingGauge(gauges)
}

/** One step up is jitter (docs/method.md, "Rises"); a leap that no current can make is the gauge's own correction. */
function risingGauge({ counter, level, lagS, counterStep, levelStep }: Gauges): readonly Taint[] {
  const { rise } = courseOf(counter, counterStep)
  const step = measureStep(counter.map((point) => point.v)) ?? 0
  if (rise !== null && rise.v - rise.before.v <= largestMove(step, rise.t - rise.before.t + lagS)) {
    return [rose(`the charge counter rose by ${(rise.up / 1000).toFixed(1)} mAh`, rise.t)]
  }
  const levelRise = rise === null ? courseOf(level, levelStep).rise : null
  return levelRise === null ? [] : [rose(`the level rose by ${levelRise.up / 100} %`, levelRise.t)]
}

function rose(what: string, atS: number): Taint {
  return { code: 'charging', effect: 'taint', detail: `${what}: the phone was charging`, atS }
}

/** A move of the counter, up or down, that no current can have made: the gauge corrected itself. */
export function recalibrationTaints({ counter: points, lagS }: Gauges): readonly Taint[] {
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
