/** One value of a gauge, in its own ticks, at a phone time in seconds. */
export interface Point {
  readonly t: number
  readonly v: number
}

/** The gauge fell. `v` is its value after the fall; the fall itself lies at most `window` seconds before `t`. */
export interface Transition extends Point {
  readonly window: number
}

/**
 * The falls of the running minimum: a move up by a step is jitter and not charge, so it neither counts nor makes the
 * fall that follows it count twice (docs/method.md, "Transition timing"). A fall across a gap has the gap as its window.
 */
export function findTransitions(points: readonly Point[], lagS: number): readonly Transition[] {
  const transitions: Transition[] = []
  let lowest = points[0]?.v ?? 0
  points.forEach((point, index) => {
    const before = points[index - 1]
    if (before === undefined || point.v >= lowest) return
    lowest = point.v
    transitions.push({ ...point, window: point.t - before.t + lagS })
  })
  return transitions
}

/** Half-width at 95 % of the difference of two uniform errors of one width: 1 − √0.05 of that width. */
export const EDGE_95 = 1 - Math.sqrt(0.05)

export interface Timed {
  /** Ticks per second. */
  readonly rate: number
  /** 95 % half-width that is due to when the polls saw the transitions, ticks per second. */
  readonly halfWidth: number
  readonly edgeS: number
}

/** Above this share of the rate its error says more of the polls than of the phone (docs/method.md, "Transition timing"). */
const MAX_ERROR_SHARE = 0.5

/**
 * Rate from the first to the last transition, by the values after them; null with less than two, or when they lie too
 * few polls apart for it.
 */
export function timeTransitions(transitions: readonly Transition[]): Timed | null {
  const first = transitions[0]
  const last = transitions.at(-1)
  if (first === undefined || last === undefined || last.t <= first.t) return null
  const edgeS = last.t - first.t
  const rate = (first.v - last.v) / edgeS
  const errorShare = (EDGE_95 * Math.max(first.window, last.window)) / edgeS
  return errorShare > MAX_ERROR_SHARE ? null : { rate, halfWidth: rate * errorShare, edgeS }
}
