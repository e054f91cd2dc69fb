import type { Timed, Transition } from './transitions.js'

export type Interval = readonly [number, number]

const BATCHES = 5
const MIN_BATCH_S = 300
/** Two-sided 95 % quantile of Student's t with BATCHES − 1 degrees of freedom. */
const T_95 = 2.776
/** A batch shorter than this share of an equal one means that its boundaries had no transition near them. */
const MIN_SHARE = 0.5

/**
 * Within-run 95 % interval by batch means (docs/method.md, "Batch means"): five batches of about equal time between the
 * first and the last transition, each boundary on the transition nearest to it; the timing error is added in
 * quadrature. Null when the run is too short or has too few transitions for five batches.
 */
export function batchMeans(transitions: readonly Transition[], timed: Timed): Interval | null {
  const first = transitions[0]
  const last = transitions.at(-1)
  if (first === undefined || last === undefined || timed.edgeS < BATCHES * MIN_BATCH_S) return null
  const edges = boundaries(transitions, first.t, timed.edgeS / BATCHES)
  let squares = 0
  for (let batch = 1; batch <= BATCHES; batch += 1) {
    const [from, to] = [edges[batch - 1], edges[batch]]
    if (from === undefined || to === undefined) return null
    const seconds = to.t - from.t
    if (seconds < Math.max(MIN_SHARE * (timed.edgeS / BATCHES), 1)) return null
    squares += (from.v - to.v - timed.rate * seconds) ** 2
  }
  // Ratio estimator: the batches are not exactly equal in time.
  const error = Math.sqrt(squares / (BATCHES * (BATCHES - 1))) / (timed.edgeS / BATCHES)
  const halfWidth = Math.hypot(T_95 * error, timed.halfWidth)
  return [Math.max(0, timed.rate - halfWidth), timed.rate + halfWidth]
}

function boundaries(transitions: readonly Transition[], startS: number, batchS: number): Transition[] {
  const edges: Transition[] = []
  let at = 0
  for (let batch = 0; batch <= BATCHES; batch += 1) {
    const wanted = startS + batch * batchS
    const distance = (index: number): number => Math.abs((transitions[index]?.t ?? Number.POSITIVE_INFINITY) - wanted)
    while (distance(at + 1) <= distance(at)) at += 1
    const edge = transitions[at]
    if (edge !== undefined) edges.push(edge)
  }
  return edges
}

/** What fell, by the gauge, and the step it is known to. */
export interface Fall {
  /** From the first reading to the last, and to the lowest one: where they differ, the wider bound is the true one. */
  readonly net: number
  readonly fell: number
  readonly step: number | null
  /** The gauge rose by more than a step: what was drawn meanwhile is in no reading. */
  readonly rose: boolean
}

export interface Span {
  /** Seconds from the first to the last reading. */
  readonly seconds: number
  /** How old a reading may be, seconds. */
  readonly staleS: number
}

/** Steps that the ends of a run are off by at 95 %, for an unknown phase of the gauge. */
const ENDS_95 = 1 - 0.025

/**
 * 95 % interval from the number of steps alone, for an unknown phase of the gauge (docs/method.md, "Steps"). Null when
 * the gauge rose or its step is unknown, or readings may be as old as the run is long.
 */
export function stepInterval({ net, fell, step, rose }: Fall, span: Span): Interval | null {
  const shortest = span.seconds - span.staleS
  if (step === null || rose || shortest <= 0) return null
  if (fell === 0) return [0, (0.95 * step) / shortest]
  const longest = span.seconds + span.staleS
  return [Math.max(0, net - ENDS_95 * step) / longest, (fell + ENDS_95 * step) / shortest]
}

/** Bounds of the mean that hold whatever the load did while the readings changed (docs/method.md, "Whole-run bounds"). */
export function wholeRunBound({ net, fell, step, rose }: Fall, span: Span): Bound {
  if (step === null || span.seconds <= 0) return { lo: 0, hi: null }
  const shortest = span.seconds - span.staleS
  return {
    lo: Math.max(net - step, 0) / (span.seconds + span.staleS),
    hi: rose || shortest <= 0 ? null : (fell + step) / shortest,
  }
}

export interface Bound {
  readonly lo: number
  readonly hi: number | null
}

export function clip(value: number, { lo, hi }: Bound): number {
  return Math.max(lo, Math.min(value, hi ?? value))
}

/** The steps' interval, wide enough for the rate and its gauge error, and within what is certain (docs/method.md, "Consistency"). */
export function aroundRate(steps: Interval, timed: Timed | null, bound: Bound): Interval {
  if (timed === null) return steps
  const lo = Math.min(steps[0], timed.rate - timed.halfWidth)
  const hi = Math.max(steps[1], timed.rate + timed.halfWidth)
  return [clip(lo, bound), clip(hi, bound)]
}
