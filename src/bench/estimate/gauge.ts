import type { Estimate } from '../types.js'
import { batchMeans, stepInterval, wholeRunBound, type Interval } from './interval.js'
import { measureStep } from './step.js'
import { EDGE_95, findTransitions, timeTransitions, type Point } from './transitions.js'

const SECONDS_PER_HOUR = 3600

export interface GaugeInput {
  /** Values in ticks (whole numbers), in order of time. */
  readonly points: readonly Point[]
  /** Ticks in one mAh or one percent. */
  readonly ticksPerUnit: number
  /** The step to reckon with while none was seen, ticks; null: none is known. */
  readonly assumedStep: number | null
  /** Observed refresh lag, seconds; null when it can't be seen. */
  readonly lagS: number | null
  readonly pollS: number | null
}

/** What one gauge says. Rates in units (mAh or percent) per hour. */
export interface GaugeFigures {
  readonly rate: number | null
  readonly ci95: Interval | null
  readonly ciMethod: Estimate['ciMethod']
  readonly bound: { readonly lo: number; readonly hi: number | null }
  readonly step: number | null
  readonly assumedStep: number | null
  readonly steps: number
  readonly halfWidth: number | null
  readonly floor: number | null
  readonly edgeS: number | null
}

/** Reads one gauge, whatever its unit; null with less than two points. The formulas are those of docs/method.md. */
export function readGauge(input: GaugeInput): GaugeFigures | null {
  const { points, lagS, pollS } = input
  const first = points[0]
  const last = points.at(-1)
  if (first === undefined || last === undefined || last.t <= first.t) return null
  const seen = measureStep(points.map((point) => point.v))
  const step = seen ?? input.assumedStep
  // A cache's period is at most a poll longer than the longest stretch of unchanged readings.
  const span = { seconds: last.t - first.t, staleS: lagS === null ? 0 : lagS + (pollS ?? 0) }
  const steps = step === null ? 0 : Math.round((first.v - last.v) / step)
  const transitions = findTransitions(points, lagS ?? 0)
  const timed = timeTransitions(transitions)
  const batches = timed === null ? null : batchMeans(transitions, timed)
  const ci95 = batches ?? (step === null ? null : stepInterval(steps, step, span))
  const perHour = (ticksPerS: number): number => (ticksPerS * SECONDS_PER_HOUR) / input.ticksPerUnit
  const perHourOrNull = (ticksPerS: number | null): number | null => (ticksPerS === null ? null : perHour(ticksPerS))
  const bound = wholeRunBound(first.v - last.v, step, span)
  return {
    rate: perHourOrNull(timed?.rate ?? null),
    ci95: ci95 === null ? null : [perHour(ci95[0]), perHour(ci95[1])],
    ciMethod: ci95 === null ? null : batches === null ? 'steps' : 'batch-means',
    bound: { lo: perHour(bound.lo), hi: perHourOrNull(bound.hi) },
    step: seen === null ? null : seen / input.ticksPerUnit,
    assumedStep: seen !== null || step === null ? null : step / input.ticksPerUnit,
    steps: Math.max(0, steps),
    halfWidth: perHourOrNull(timed?.halfWidth ?? null),
    floor: step === null ? null : perHour((EDGE_95 * step) / span.seconds),
    edgeS: timed?.edgeS ?? null,
  }
}
