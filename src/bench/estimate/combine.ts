import type { Estimate } from '../types.js'
import { UAH_PER_MAH } from '../../core/charge-units.js'
import type { Charge } from './charge.js'
import type { GaugeFigures } from './gauge.js'
import { shareOfFull } from './step.js'

/** The part of an estimate that the gauges give. */
export type Figures = Omit<
  Estimate,
  'counterFactor' | 'observedS' | 'pollS' | 'refreshLagS' | 'gaps' | 'verdict' | 'taints'
>

/**
 * Joins what counter and level say: the counter where there is one to trust, the level otherwise. Percent are the
 * counter's when the full charge is known, except for `boundPctPerH`, which is the level's own.
 */
export function combine(charged: GaugeFigures | null, levelled: GaugeFigures | null, charge: Charge | null): Figures {
  const fullMah = charge?.fullUah == null ? null : charge.fullUah / UAH_PER_MAH
  const basis = charged ?? levelled
  const toPct = fullMah === null ? null : 100 / fullMah
  const pct = (value: number | null | undefined, level: number | null | undefined): number | null =>
    charged === null ? (level ?? null) : value == null || toPct === null ? null : value * toPct
  const ciPct = charged === null ? levelled?.ci95 : toPct === null ? null : scale(charged.ci95, toPct)
  const step = charged?.step ?? null
  return {
    basis: charged !== null ? 'charge' : levelled !== null ? 'level' : null,
    rateMahPerH: charged?.rate ?? null,
    ci95: charged?.ci95 ?? null,
    ciMethod: basis?.ciMethod ?? null,
    bound: charged?.bound ?? null,
    stepMah: step,
    stepOfFull: step === null || fullMah === null ? null : shareOfFull(step, fullMah),
    assumedStepMah: charged?.assumedStep ?? null,
    steps: basis?.steps ?? 0,
    method: basis === null ? 'none' : basis.rate === null ? 'bounds' : 'transitions',
    floorMahPerH: charged?.floor ?? null,
    ratePctPerH: pct(charged?.rate, levelled?.rate),
    ci95PctPerH: ciPct ?? null,
    boundPctPerH: levelled?.bound ?? null,
    stepPct: levelled?.step ?? null,
    assumedStepPct: levelled?.assumedStep ?? null,
    floorPctPerH: pct(charged?.floor, levelled?.floor),
    gaugeHalfWidthMahPerH: charged?.halfWidth ?? null,
    gaugeHalfWidthPctPerH: pct(charged?.halfWidth, levelled?.halfWidth),
    fullMah,
    edgeToEdgeS: basis?.edgeS ?? null,
  }
}

function scale(interval: readonly [number, number] | null, factor: number): readonly [number, number] | null {
  return interval === null ? null : [interval[0] * factor, interval[1] * factor]
}
