import { describe, expect, it } from 'vitest'

import { runOf } from '../../../test/support/gauge.js'
import type { Estimate, Run, Sample } from '../types.js'
import { estimate } from './estimate.js'

type Row = readonly [number, Partial<Sample>]

const codes = (result: Estimate): string[] => result.taints.map((taint) => `${taint.code}:${taint.effect}`)

describe('estimate() of a gauge that rises', () => {
  const levels = (...values: readonly number[]): Run =>
    runOf(values.map((levelPct, index) => [index * 1800, { levelPct }] as const))
  const counters = (...mah: readonly number[]): Run =>
    runOf(mah.map((value, index) => [index * 1800, { chargeCounterUah: value * 1000, levelPct: 90 }] as const))

  it('takes one step up for jitter: nothing fell, and the drain is below a step', () => {
    const byLevel = estimate(levels(99, 99, 100))
    expect(byLevel).toMatchObject({ steps: 0, stepPct: 1, boundPctPerH: { lo: 0, hi: 1 }, ci95PctPerH: [0, 0.95] })
    const byCounter = estimate(counters(4500, 4500, 4505))
    expect(byCounter).toMatchObject({ steps: 0, stepMah: 5, bound: { lo: 0, hi: 5 }, ci95: [0, 4.75] })
    expect([...codes(byLevel), ...codes(byCounter)].filter((code) => code.startsWith('charging'))).toEqual([])
  })

  it('counts what fell down to the lowest reading', () => {
    // 60 to 57, then jitter: what fell for certain is two steps, what may have fallen is four.
    const result = estimate(levels(60, 59, 58, 57, 58))
    expect(result).toMatchObject({ steps: 3, boundPctPerH: { lo: 0.5, hi: 2 } })
  })

  it.each([
    ['the level rises by more than a step', levels(50, 60, 80)],
    ['the level rises at once by more than its kind of step', levels(50, 60)],
    ['the level rises in steps after it fell', levels(80, 79, 80, 81)],
    ['the counter rises by more than a step', counters(4500, 4495, 4500, 4505)],
    ['the counter rises at once by more than one percent', counters(4500, 4600)],
  ])('leaves the drain open and tells of charging when %s', (_what, run) => {
    const result = estimate(run)
    const bound = result.basis === 'charge' ? result.bound : result.boundPctPerH
    expect(bound).toEqual({ lo: 0, hi: null })
    expect(result).toMatchObject({ rateMahPerH: null, ratePctPerH: null, ci95: null, ci95PctPerH: null })
    expect(codes(result)).toContain('charging:taint')
  })
})

describe('estimate() of a counter without voltage and temperature', () => {
  /** Falls of so many mAh, one a `stepS`, polled every ten seconds. */
  const falling = (stepS: number, ...moves: readonly number[]): Run =>
    runOf(
      Array.from({ length: (stepS * (moves.length + 1)) / 10 }, (_, i): Row => {
        const fell = moves.slice(0, Math.floor((i * 10) / stepS)).reduce((sum, move) => sum + move, 0)
        return [i * 10, { levelPct: 90, chargeCounterUah: (4500 - fell) * 1000 }]
      }),
    )

  it('takes a gauge that skips steps for one behind a cache', () => {
    const result = estimate(falling(400, 7, 8, 7, 6, 8, 7, 1))
    expect(result.refreshLagS).toBe(390)
    expect(codes(result)).toEqual(['stale_cache:taint', 'lag_unseen:note'])
    expect(result.verdict).toBe('tainted')
  })

  it('reckons with the time of a step where the gauge took each', () => {
    const result = estimate(falling(300, 5, 5, 5, 5, 5))
    expect(result).toMatchObject({ refreshLagS: null, verdict: 'valid' })
    expect(codes(result)).toEqual(['lag_unseen:note'])
    expect(result.bound?.hi).toBeCloseTo((30 * 3600) / (1790 - 310), 1)
  })

  it('doubts a gauge whose steps take as long as a stale cache', () => {
    expect(codes(estimate(falling(400, 5, 5, 5, 5, 5)))).toEqual(['lag_unseen:taint'])
  })

  it('shows no step that it did not see', () => {
    const result = estimate(runOf([50, 60, 80].map((levelPct, index): Row => [index * 1800, { levelPct }])))
    expect(result).toMatchObject({ stepPct: null, assumedStepPct: 1 })
  })

  it('doubts the bounds where nothing tells', () => {
    expect(codes(estimate(falling(900, 5)))).toEqual(['lag_unseen:taint'])
  })
})

describe('estimate() of numbers that almost agree', () => {
  const noisy = runOf([
    [0, { levelPct: 90.5, chargeCounterUah: 4_500_000.5 }],
    [600, { levelPct: 90.25, chargeCounterUah: 4_490_000.25 }],
    [1200, { levelPct: 90, chargeCounterUah: 4_480_000.75 }],
    [1800, { levelPct: 89.75, chargeCounterUah: 4_470_000.5 }],
    [2400, { levelPct: 89.5, chargeCounterUah: 4_460_000.25 }],
  ])

  it('takes no common divisor of a few moves for the step', () => {
    expect(estimate(noisy).stepMah).toBeCloseTo(10, 2)
    const [few, many] = [
      [15, 24, 35],
      [15, 24, 35, 21, 34, 15],
    ].map((moves) => {
      let mah = 4500
      const rows = [0, ...moves].map((move, t): Row => [t * 60, { chargeCounterUah: (mah -= move) * 1000 }])
      return estimate(runOf(rows)).stepMah
    })
    expect([few, many]).toEqual([15, 1])
  })

  it('keeps the rate and its gauge error within the interval, and the interval within what is certain', () => {
    const { rateMahPerH, ci95, bound } = estimate(noisy)
    expect(rateMahPerH).toBeCloseTo(60, 1)
    expect(ci95?.[0]).toBeCloseTo(45, 1)
    expect(ci95?.[1]).toBeCloseTo(75, 1)
    expect([bound?.lo, bound?.hi]).toEqual([ci95?.[0], ci95?.[1]])
  })

  it('gives the nearest bound where the time between two falls was not like the rest of the run', () => {
    const rows: Row[] = Array.from({ length: 361 }, (_, i) => [
      i * 10,
      { levelPct: 90, voltageMv: 4000 - i, chargeCounterUah: 4_500_000 - 5000 * (i > 350 ? 2 : i > 340 ? 1 : 0) },
    ])
    const result = estimate(runOf(rows))
    expect(result.bound?.hi).toBeCloseTo(15.04, 1)
    expect(result.rateMahPerH).toBe(result.bound?.hi)
    expect(result.ci95?.[1]).toBe(result.rateMahPerH)
  })

  it('gives no rate when the polls are too few for the time between two falls', () => {
    const result = estimate(runOf([90, 89, 88].map((levelPct, index): Row => [index * 10, { levelPct }])))
    expect(result).toMatchObject({ ratePctPerH: null, steps: 2, verdict: 'inconclusive', gaugeHalfWidthPctPerH: null })
  })
})
