import type { Estimate, Taint } from '../bench/types.js'
import { formatDuration } from '../core/duration.js'
import { describeLiveness, type LivenessCounts } from './liveness.js'
import { figure, interval } from './text.js'

/** The result in words. None of it ever gives the difference of two end points as a rate. */
export interface Wording {
  /** One line: the figure with its uncertainty, or the bound, or why there is none. */
  readonly headline: string
  /** What the figure rests on, one line. */
  readonly detail: string
  /** The verdict and its reason, one sentence. */
  readonly verdict: string
  /** `simulated, x60`; null for a real phone. */
  readonly simulated: string | null
}

export interface WordingContext {
  readonly liveness: LivenessCounts
  readonly simulated: { readonly timeScale: number } | null
}

/** Puts an estimate in words (docs/method.md, "Wording"). */
export function describeEstimate(estimate: Estimate, { liveness, simulated }: WordingContext): Wording {
  const mark = simulated === null ? null : `simulated, x${simulated.timeScale}`
  const figures = mainFigure(viewOf(estimate), estimate)
  const invalid = estimate.taints.find((taint) => taint.effect === 'invalid')
  const headline = invalid === undefined ? figures : `no valid result: ${invalid.detail}`
  const read = invalid === undefined || estimate.basis === null ? [] : [`read all the same: ${figures}`]
  return {
    headline: mark === null ? headline : `${mark}: ${headline}`,
    detail: [...read, ...basisOf(estimate, viewOf(estimate)), ...optional(describeLiveness(liveness))].join(', '),
    verdict: describeVerdict(estimate),
    simulated: mark,
  }
}

/** An estimate in the unit of the gauge it rests on. */
export interface View {
  readonly unit: 'mAh' | '%'
  readonly rate: number | null
  readonly ci95: readonly [number, number] | null
  readonly bound: Estimate['bound']
  readonly step: number | null
  readonly assumedStep: number | null
  readonly halfWidth: number | null
  readonly floor: number | null
}

export function viewOf(estimate: Estimate): View {
  if (estimate.basis === 'charge') {
    return {
      unit: 'mAh',
      rate: estimate.rateMahPerH,
      ci95: estimate.ci95,
      bound: estimate.bound,
      step: estimate.stepMah,
      assumedStep: estimate.assumedStepMah,
      halfWidth: estimate.gaugeHalfWidthMahPerH,
      floor: estimate.floorMahPerH,
    }
  }
  return {
    unit: '%',
    rate: estimate.ratePctPerH,
    ci95: estimate.ci95PctPerH,
    bound: estimate.boundPctPerH,
    step: estimate.stepPct,
    assumedStep: estimate.assumedStepPct,
    halfWidth: estimate.gaugeHalfWidthPctPerH,
    floor: estimate.floorPctPerH,
  }
}

function mainFigure(view: View, estimate: Estimate): string {
  if (estimate.basis === null) return 'nothing was measured'
  if (view.rate !== null) return rateFigure(view, estimate)
  if (view.ci95 === null) return `no bound: ${whyUnbounded(view, estimate)}`
  return estimate.steps === 0 ? stillFigure(view, view.ci95[1], estimate) : movedFigure(view, view.ci95, estimate)
}

/** Why nothing limits the drain from above. */
function whyUnbounded(view: View, estimate: Estimate): string {
  const ran = words(estimate.observedS)
  const rise = estimate.taints.find((taint) => taint.code === 'charging' || taint.code === 'recalibration')
  if (view.step === null && view.assumedStep === null) {
    return `the gauge did not move in ${ran}, and its step is not known`
  }
  if (rise !== undefined) return rise.detail
  return `the readings may be as old as the run is long (${ran})`
}

function stillFigure(view: View, most: number, estimate: Estimate): string {
  // A step that was seen while nothing fell is a step up: the gauge did move.
  const [gauge, still] =
    view.step === null
      ? [`step taken as ${stepWords(view.assumedStep, view.unit)}`, 'did not move']
      : [`step ${stepWords(view.step, view.unit)}`, 'did not fall']
  return `≤ ${figure(most)} ${view.unit}/h (95 %): the gauge (${gauge}) ${still} in ${words(estimate.observedS)}`
}

function movedFigure(view: View, ci95: readonly [number, number], estimate: Estimate): string {
  const { steps, observedS } = estimate
  const moved = stepWords((view.step ?? 0) * steps, view.unit)
  const range = `${interval(ci95)} ${view.unit}/h (95 %)`
  // Several steps without a rate: one move of them all, or falls too close to each other to be timed.
  if (steps > 1) return `${range}: the gauge fell by ${moved} in ${words(observedS)}, not to be timed. Run longer`
  const perHour = ((view.step ?? 0) * 3600) / observedS
  // Two transitions are certain only after twice the time that a step takes.
  const enough = words(Math.ceil((2 * observedS) / 60) * 60)
  return `${figure(perHour)} ${view.unit}/h is one step of ${moved}: ${range}. Run ≥ ${enough}`
}

function rateFigure(view: View, estimate: Estimate): string {
  const parts: string[] = []
  if (view.ci95 !== null) {
    const label = estimate.ciMethod === 'batch-means' ? 'within-run 95 % CI' : '95 % CI by step count'
    parts.push(`${label} ${interval(view.ci95)}`)
  }
  if (view.halfWidth !== null) parts.push(`gauge ±${figure(view.halfWidth)}`)
  if (view.unit === 'mAh' && estimate.ratePctPerH !== null) parts.push(`${figure(estimate.ratePctPerH)} %/h`)
  return `${figure(view.rate ?? 0)} ${view.unit}/h${parts.length === 0 ? '' : ` (${parts.join('; ')})`}`
}

function basisOf(estimate: Estimate, view: View): string[] {
  const parts: string[] = []
  if (view.step !== null) {
    const share = { percent: ' (1 % of full)', permille: ' (0.1 % of full)' }
    const of = estimate.stepOfFull === null ? '' : share[estimate.stepOfFull]
    parts.push(
      `${estimate.steps} ${estimate.steps === 1 ? 'step' : 'steps'} of ${stepWords(view.step, view.unit)}${of}`,
    )
  }
  if (estimate.edgeToEdgeS !== null) parts.push(`edge to edge ${words(estimate.edgeToEdgeS)}`)
  else if (estimate.observedS > 0) parts.push(`observed for ${words(estimate.observedS)}`)
  if (estimate.refreshLagS !== null && estimate.refreshLagS > 0)
    parts.push(`cache lag ≤ ${words(estimate.refreshLagS + (estimate.pollS ?? 0))}`)
  return parts
}

function stepWords(step: number | null, unit: View['unit']): string {
  if (step === null) return 'unknown'
  return unit === '%' ? `${Number(step.toFixed(2))} %` : `${figure(step)} mAh`
}

function words(seconds: number): string {
  return formatDuration(seconds * 1000)
}

function optional(text: string | null): string[] {
  return text === null ? [] : [text]
}

function describeVerdict(estimate: Estimate): string {
  const details = (effect: Taint['effect']): string =>
    estimate.taints
      .filter((taint) => taint.effect === effect)
      .map((taint) => taint.detail)
      .join('; ')
  if (estimate.verdict === 'valid') {
    return 'Valid: the rate was timed between transitions of the gauge, and nothing seen casts doubt on it'
  }
  if (estimate.verdict === 'tainted') return `Tainted: ${details('taint')}`
  if (estimate.verdict === 'invalid') return `Invalid: ${details('invalid')}`
  const doubts = details('taint')
  const why =
    viewOf(estimate).ci95 === null
      ? 'Inconclusive: the gauge gives neither a rate nor an interval'
      : 'Inconclusive: the gauge moved too little, or was read too seldom, for a rate, so the result is an interval'
  return doubts === '' ? why : `${why}; besides, ${doubts}`
}
