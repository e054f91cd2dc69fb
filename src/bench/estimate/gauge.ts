import type { Estimate } from '../types.js'
import { courseOf } from './course.js'
import {
  aroundRate,
  batchMeans,
  clip,
  stepInterval,
  wholeRunBound,
  type Bound,
  type Fall,
  type Interval,
  type Span,
} from './interval.js'
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
  readonly bound: Bound
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
  const { fell, net, rise } = courseOf(points, input.assumedStep)
  // A gauge that only rose may have leapt: it is still as coarse as its kind is, at most.
  const onlyRose = fell === 0 && seen !== null && input.assumedStep !== null
  const step = onlyRose ? Math.min(seen, input.assumedStep) : (seen ?? input.assumedStep)
  // A cache's period is at most a poll longer than the longest stretch of unchanged readings.
  const span = { seconds: last.t - first.t, staleS: lagS === null ? 0 : lagS + (pollS ?? 0) }
  const fall = { fell, net, step, rose: rise !== null }
  const perHour = SECONDS_PER_HOUR / input.ticksPerUnit
  return {
    ...mean(points, fall, { ...span, windowS: lagS ?? 0 }, perHour),
    step: step === null || step !== seen ? null : step / input.ticksPerUnit,
    assumedStep: step === null || step === seen ? null : step / input.ticksPerUnit,
    steps: step === null ? 0 : Math.round(fell / step),
    floor: step === null ? null : ((EDGE_95 * step) / span.seconds) * perHour,
  }
}

type Mean = Pick<GaugeFigures, 'rate' | 'ci95' | 'ciMethod' | 'bound' | 'halfWidth' | 'edgeS'>

/** Rate, interval and bound, times `factor`; none of them contradicts another (docs/method.md, "Consistency"). */
function mean(points: readonly Point[], fall: Fall, span: Span & { readonly windowS: number }, factor: number): Mean {
  const bound = wholeRunBound(fall, span)
  const transitions = findTransitions(points, span.windowS)
  // Across a rise the running minimum says nothing of what was drawn.
  const timed = fall.rose ? null : timeTransitions(transitions)
  const batches = timed === null ? null : batchMeans(transitions, timed)
  const steps = stepInterval(fall, span)
  const rate = timed === null ? null : clip(timed.rate, bound)
  const ci95 =
    batches !== null && rate !== null
      ? ([Math.min(batches[0], rate), Math.max(batches[1], rate)] as const)
      : steps === null
        ? null
        : aroundRate(steps, timed, bound)
  return {
    rate: rate === null ? null : rate * factor,
    ci95: ci95 === null ? null : [ci95[0] * factor, ci95[1] * factor],
    ciMethod: ci95 === null ? null : batches === null ? 'steps' : 'batch-means',
    bound: { lo: bound.lo * factor, hi: bound.hi === null ? null : bound.hi * factor },
    halfWidth: timed === null ? null : timed.halfWidth * factor,
    edgeS: timed?.edgeS ?? null,
  }
}
