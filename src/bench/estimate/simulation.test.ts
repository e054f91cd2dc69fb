import { beforeAll, describe, expect, it } from 'vitest'

import { simulate, type GaugePlan } from '../../../test/support/gauge.js'
import type { Estimate, Run } from '../types.js'
import { estimate } from './estimate.js'

type Case = readonly [string, Omit<GaugePlan, 'seed'>]

/** The gauges of real phones (docs/method.md, "Coverage"); 10 s polls, a load that wanders by 30 to 40 %. */
const CASES: readonly Case[] = [
  ['1 % of 2892 mAh, 30 min', { fullMah: 2891.8, stepMah: 28.918, rateMah: 55, minutes: 30, cv: 0.3 }],
  ['1 % of 2892 mAh, 120 min', { fullMah: 2891.8, stepMah: 28.918, rateMah: 55, minutes: 120, cv: 0.3 }],
  ['5 mAh, 30 min', { fullMah: 5000, stepMah: 5, rateMah: 50, minutes: 30, cv: 0.4, refreshS: 30 }],
  ['5 mAh, 60 min', { fullMah: 5000, stepMah: 5, rateMah: 50, minutes: 60, cv: 0.4, refreshS: 30 }],
  ['1 mAh, 30 min', { fullMah: 5000, stepMah: 1, rateMah: 70, minutes: 30, cv: 0.4, refreshS: 60 }],
  ['1 mAh, cache of 900 s, 60 min', { fullMah: 5000, stepMah: 1, rateMah: 70, minutes: 60, cv: 0.4, refreshS: 900 }],
  [
    '1 mAh, cache of 900 s, refreshed at the start, 60 min',
    { fullMah: 5000, stepMah: 1, rateMah: 70, minutes: 60, cv: 0.4, refreshS: 900, freshStart: true },
  ],
  ['level only, 240 min', { fullMah: 3300, stepMah: null, rateMah: 67, minutes: 240, cv: 0.4 }],
]
/** The same where neither voltage nor temperature shows the cache: its period, the step and the length of the run. */
const HIDDEN: readonly Case[] = [0, 60, 120, 600].flatMap((refreshS) =>
  [1, 5].flatMap((stepMah) =>
    [30, 120].map((minutes): Case => {
      const name = `hidden cache of ${refreshS} s, ${stepMah} mAh, ${minutes} min`
      return [name, { fullMah: 4500, stepMah, rateMah: 60, minutes, cv: 0.3, refreshS }]
    }),
  ),
)
/** DALA_SEEDS=500 prints the table of docs/method.md, "Coverage". */
const SEEDS = Number(process.env['DALA_SEEDS'] ?? 120)

/** These runs are long, and a single one outside of its bounds would be too many. */
const HIDDEN_SEEDS = Number(process.env['DALA_SEEDS'] ?? 40)

interface Outcome {
  readonly result: Estimate
  /** Of this run, and of the load it was drawn from. */
  readonly truth: number
  readonly longRun: number
}

/** Estimates and true rates of one case, in the gauge's own unit per hour. */
function outcomes(plan: Omit<GaugePlan, 'seed'>, hidden = false): Outcome[] {
  const seeds = hidden ? HIDDEN_SEEDS : SEEDS
  const unit = plan.stepMah === null ? 100 / plan.fullMah : 1
  return Array.from({ length: seeds }, (_, seed) => {
    // A rate that differs from seed to seed: otherwise the phase of the gauge is all that varies.
    const rateMah = plan.rateMah * (0.8 + (0.4 * seed) / seeds)
    const { run, trueRate } = simulate({ ...plan, rateMah, seed: seed + 1 })
    return { result: estimate(hidden ? withoutWitness(run) : run), truth: trueRate * unit, longRun: rateMah * unit }
  })
}

function withoutWitness(run: Run): Run {
  return { ...run, samples: run.samples.map((sample) => ({ ...sample, voltageMv: null, temperatureC: null })) }
}

function share(all: readonly Outcome[], holds: (outcome: Outcome) => boolean): number {
  return all.filter(holds).length / all.length
}

function contains({ result }: Outcome): boolean {
  const [rate, ci] = [result.rateMahPerH ?? result.ratePctPerH, result.ci95 ?? result.ci95PctPerH]
  return rate === null || inside(ci, rate)
}

function inside(interval: readonly [number, number] | null, value: number): boolean {
  return interval !== null && interval[0] <= value && value <= interval[1]
}

/** One row of the coverage table. */
function tableRow(name: string, all: readonly Outcome[], level: boolean): string {
  const percent = (part: readonly Outcome[], holds: (outcome: Outcome) => boolean): string =>
    part.length === 0 ? '–' : (100 * share(part, holds)).toFixed(1)
  const ci = ({ result }: Outcome): readonly [number, number] | null => (level ? result.ci95PctPerH : result.ci95)
  const bounded = ({ result, truth }: Outcome): boolean => {
    const bound = level ? result.boundPctPerH : result.bound
    return bound !== null && bound.lo <= truth && (bound.hi === null || truth <= bound.hi)
  }
  const by = (method: Estimate['ciMethod']): readonly Outcome[] =>
    all.filter(({ result }) => result.ciMethod === method)
  const errors = rateErrors(all, level)
  const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length
  const sd = Math.sqrt(errors.reduce((sum, error) => sum + (error - mean) ** 2, 0) / errors.length)
  const bias = errors.length === 0 ? '–' : `${(100 * mean).toFixed(1)} / ${(100 * sd).toFixed(1)}`
  const [steps, batches] = [by('steps'), by('batch-means')]
  const covered = percent(batches, (outcome) => inside(ci(outcome), outcome.longRun))
  const cells = [
    name,
    percent(all, ({ result }) => result.method === 'transitions'),
    bias,
    percent(all, bounded),
    `${percent(steps, (outcome) => inside(ci(outcome), outcome.truth))} (${steps.length})`,
    `${covered} (${batches.length})`,
  ]
  return `| ${cells.join(' | ')} |\n`
}

/** Relative errors of the rates that rest on three steps or more. */
function rateErrors(all: readonly Outcome[], level: boolean): number[] {
  return all.flatMap(({ result, truth }) => {
    const rate = level ? result.ratePctPerH : result.rateMahPerH
    return rate === null || result.steps < 3 ? [] : [rate / truth - 1]
  })
}

describe.each(CASES)('estimate() of a gauge of %s', (name, plan) => {
  const level = plan.stepMah === null
  let all: readonly Outcome[] = []
  beforeAll(() => {
    all = outcomes(plan)
    if (process.env['DALA_SEEDS'] !== undefined) process.stdout.write(tableRow(name, all, level))
  })

  // What was drawn after the last refresh is in no reading; only a first reading as old as the last makes up for it.
  const least = plan.freshStart === true ? 0.95 : 0.99
  it(`bounds the true mean of the run in at least ${100 * least} % of the runs`, () => {
    const held = share(all, ({ result, truth }) => {
      const bound = level ? result.boundPctPerH : result.bound
      return bound !== null && bound.lo <= truth && (bound.hi === null || truth <= bound.hi)
    })
    expect(held).toBeGreaterThanOrEqual(least)
  })

  it('covers the true mean of the run with its 95 % interval in at least 95 % of the runs', () => {
    const ci = ({ result }: Outcome): readonly [number, number] | null => (level ? result.ci95PctPerH : result.ci95)
    expect(share(all, (outcome) => inside(ci(outcome), outcome.truth))).toBeGreaterThanOrEqual(0.95)
  })

  it('has a bias below 2 % from three transitions on', () => {
    const errors = rateErrors(all, level)
    const bias = errors.reduce((sum, error) => sum + error, 0) / Math.max(1, errors.length)
    expect(Math.abs(bias)).toBeLessThan(0.02)
  })

  it('keeps every rate within its own interval', () => {
    expect(all.every(contains)).toBe(true)
  })

  it('raises no doubt about a clean run, except for a cache that is stale', () => {
    const codes = new Set(all.flatMap(({ result }) => result.taints.map((taint) => taint.code)))
    expect([...codes]).toEqual((plan.refreshS ?? 0) > 300 ? ['stale_cache'] : [])
  })
})

describe.each(HIDDEN)('estimate() of a gauge with a %s', (name, plan) => {
  let all: readonly Outcome[] = []
  beforeAll(() => {
    all = outcomes(plan, true)
    if (process.env['DALA_SEEDS'] !== undefined) process.stdout.write(tableRow(name, all, false))
  })

  it('bounds the true mean of the run in at least 99 % of the runs, and every rate', () => {
    const held = share(
      all,
      ({ result: { bound }, truth }) => bound !== null && inside([bound.lo, bound.hi ?? truth], truth),
    )
    expect(held).toBeGreaterThanOrEqual(0.99)
    expect(all.every(contains)).toBe(true)
  })

  it('covers the true mean of the run with its steps, and says that the cache was not seen', () => {
    const counted = all.filter(({ result }) => result.ciMethod === 'steps')
    expect(counted.every(({ result, truth }) => inside(result.ci95, truth))).toBe(true)
    expect(all.every(({ result }) => result.taints.some(({ code }) => code === 'lag_unseen'))).toBe(true)
    const caught = all.every(({ result }) => result.verdict !== 'valid')
    expect(caught || (plan.refreshS ?? 0) <= 300).toBe(true)
  })
})

describe('estimate() by simulation', () => {
  it('covers the load a run was drawn from with its batch means in 88 to 99 % of the runs', () => {
    const all = outcomes({ fullMah: 5000, stepMah: 1, rateMah: 70, minutes: 60, cv: 0.4, refreshS: 30 })
    expect(all.every(({ result }) => result.ciMethod === 'batch-means')).toBe(true)
    const covered = share(all, ({ result, longRun }) => inside(result.ci95, longRun))
    expect(covered).toBeGreaterThanOrEqual(0.88)
    expect(covered).toBeLessThanOrEqual(0.995)
  })

  it('is exceeded by the truth in at most 5 % of the runs in which nothing moved', () => {
    const plan = { fullMah: 2891.8, stepMah: 28.918, rateMah: 20, minutes: 30, cv: 0.3 }
    const still = Array.from({ length: 4 }, (_, part) => outcomes({ ...plan, rateMah: 14 + 8 * part }))
      .flat()
      .filter(({ result }) => result.stepMah === null)
    expect(still.length).toBeGreaterThan(100)
    expect(share(still, ({ result, truth }) => truth > (result.ci95?.[1] ?? 0))).toBeLessThanOrEqual(0.05)
    expect(still.every(({ result }) => result.rateMahPerH === null && result.verdict === 'inconclusive')).toBe(true)
  })
})
