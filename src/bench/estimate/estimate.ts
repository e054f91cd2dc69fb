import type { Estimate, Run, Taint, Verdict } from '../types.js'
import { UAH_PER_MAH } from '../../core/charge-units.js'
import { judgeCounter, type Charge } from './charge.js'
import { chargingTaints, type Gauges, recalibrationTaints, thermalTaints } from './electric.js'
import { combine } from './combine.js'
import { findGaps, type Gap } from './gaps.js'
import { readGauge } from './gauge.js'
import { lagOfGauge, refreshLag, type Lag } from './lag.js'
import { pollInterval, usableReadings, type Reading, type Readings } from './readings.js'
import {
  appTaints,
  fullStartTaints,
  gapTaints,
  orderTaints,
  reportedTaints,
  screenTaints,
  staleTaints,
  unseenLagTaints,
} from './taints.js'
import type { Point } from './transitions.js'

const TICKS_PER_PCT = 100
/** The level is printed in whole percent. */
const LEVEL_STEP_PCT = 1
/** An iPhone's own gauge moves in fives (docs/method.md, "Step"). */
const IOS_LEVEL_STEP_PCT = 5

/**
 * What a run's readings say of the mean drain: a rate where at least two transitions of the gauge were timed, bounds
 * otherwise, and every reason to doubt either. Pure; rates per hour of phone time; docs/method.md has the formulas.
 */
export function estimate(run: Run): Estimate {
  const readings = usableReadings(run)
  const { rows } = readings
  const observedS = (rows.at(-1)?.t ?? 0) - (rows[0]?.t ?? 0)
  const pollS = pollInterval(rows)
  const gaps = findGaps(run, rows, pollS)
  const { charge, taints: counterTaints } = judgeCounter(rows)
  const counter = charge === null ? [] : counterPoints(rows, charge)
  const level = levelPoints(rows)
  const lag = refreshLag(rows, gaps) ?? lagOfGauge(rows, gaps, charge === null ? level : counter)
  const timing = { lagS: lag?.seconds ?? null, pollS }
  const levelTicks = levelStep(run, rows) * TICKS_PER_PCT
  const counterStep = charge?.fullUah == null ? null : (levelStep(run, rows) / 100) * charge.fullUah
  const charged = readGauge({ points: counter, ticksPerUnit: UAH_PER_MAH, assumedStep: counterStep, ...timing })
  const levelled = readGauge({ points: level, ticksPerUnit: TICKS_PER_PCT, assumedStep: levelTicks, ...timing })
  const taints = allTaints({
    run,
    readings,
    lag,
    gaps,
    observedS,
    gauges: { counter, level, lagS: lag?.seconds ?? 0, counterStep, levelStep: levelTicks },
    counterTaints,
  })
  const figures = combine(charged, levelled, charge)
  const rate = figures.rateMahPerH ?? figures.ratePctPerH
  return {
    ...figures,
    counterFactor: charge?.factor ?? null,
    observedS,
    pollS,
    refreshLagS: lag === null || lag.from === 'steps' ? null : lag.seconds,
    gaps,
    verdict: verdictOf(taints, rate),
    taints,
  }
}

interface Evidence {
  readonly run: Run
  readonly readings: Readings
  readonly lag: Lag | null
  readonly gaps: readonly Gap[]
  readonly observedS: number
  readonly gauges: Gauges
  readonly counterTaints: readonly Taint[]
}

/** Each kind of doubt once, the gravest sources first. */
function allTaints({ run, readings, lag, gaps, observedS, gauges, counterTaints }: Evidence): readonly Taint[] {
  return [
    ...noReadings(readings.rows),
    ...orderTaints(readings),
    ...appTaints(run),
    ...reportedTaints(run.events),
    ...chargingTaints(run, gauges),
    ...recalibrationTaints(gauges),
    ...staleTaints(lag, observedS),
    ...unseenLagTaints(lag, readings.rows),
    ...gapTaints(gaps, observedS),
    ...counterTaints,
    ...thermalTaints(run),
    ...screenTaints(run),
    ...fullStartTaints(readings.rows),
  ].filter(firstOfCode)
}

function counterPoints(rows: readonly Reading[], charge: Charge): Point[] {
  return rows.flatMap(({ t, sample }) =>
    sample.chargeCounterUah === null ? [] : [{ t, v: Math.round(sample.chargeCounterUah * charge.factor) }],
  )
}

function levelPoints(rows: readonly Reading[]): Point[] {
  return rows.flatMap(({ t, sample }) =>
    sample.levelPct === null ? [] : [{ t, v: Math.round(sample.levelPct * TICKS_PER_PCT) }],
  )
}

/** The step, in percent, that a level which did not move may have. */
function levelStep(run: Run, rows: readonly Reading[]): number {
  const inFives = rows.every(({ sample }) => (sample.levelPct ?? 0) % IOS_LEVEL_STEP_PCT === 0)
  return run.manifest?.device.platform === 'ios' && inFives ? IOS_LEVEL_STEP_PCT : LEVEL_STEP_PCT
}

function noReadings(rows: readonly Reading[]): readonly Taint[] {
  if (rows.length >= 2) return []
  const detail = rows.length === 0 ? 'the battery was never read' : 'the battery was read only once'
  return [{ code: 'no_readings', effect: 'invalid', detail, atS: null }]
}

function firstOfCode(taint: Taint, index: number, all: readonly Taint[]): boolean {
  return all.findIndex((other) => other.code === taint.code) === index
}

function verdictOf(taints: readonly Taint[], rate: number | null): Verdict {
  if (taints.some((taint) => taint.effect === 'invalid')) return 'invalid'
  if (rate === null) return 'inconclusive'
  return taints.some((taint) => taint.effect === 'taint') ? 'tainted' : 'valid'
}
