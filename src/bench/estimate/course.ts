import { measureStep, type Ticks } from './step.js'
import type { Point } from './transitions.js'

/** Where a gauge went between its first and its last reading, ticks. */
export interface Course {
  /** From the first reading to the lowest: a step up at the end is jitter and takes nothing back. */
  readonly fell: Ticks
  /** From the first reading to the last; negative when the gauge ended higher. */
  readonly net: Ticks
  /** The first rise of more than a step over the lowest value until then; null: there was none. */
  readonly rise: Rise | null
}

export interface Rise extends Point {
  /** Ticks above the lowest value until then. */
  readonly up: Ticks
  readonly before: Point
}

/** Half a step more than one is the rounding of the printed numbers. */
const JITTER_STEPS = 1.5

/**
 * Follows a gauge by its running minimum: one step up is jitter, more than one step was charged or corrected by the
 * gauge (docs/method.md, "Rises").
 */
export function courseOf(points: readonly Point[], assumedStep: Ticks | null): Course {
  const [first, last] = [points[0], points.at(-1)]
  if (first === undefined || last === undefined) return { fell: 0, net: 0, rise: null }
  const step = smallestStep(points, assumedStep)
  let lowest = first.v
  let rise: Rise | null = null
  points.forEach((point, index) => {
    lowest = Math.min(lowest, point.v)
    const up = point.v - lowest
    if (rise !== null || step === null || up <= JITTER_STEPS * step) return
    rise = { ...point, up, before: points[index - 1] ?? point }
  })
  return { fell: first.v - lowest, net: first.v - last.v, rise }
}

/** A gauge seen to make only great leaps (50, 60, 80 %) is not one of great steps: the step it usually has is the limit. */
function smallestStep(points: readonly Point[], assumedStep: Ticks | null): Ticks | null {
  const seen = measureStep(points.map((point) => point.v))
  return seen === null || assumedStep === null ? (seen ?? assumedStep) : Math.min(seen, assumedStep)
}
