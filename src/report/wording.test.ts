import { describe, expect, it } from 'vitest'

import { runOf } from '../../test/support/gauge.js'
import { MANIFEST, reportOf, runLike } from '../../test/support/report.js'
import type { Run } from '../bench/types.js'

const real = { simulated: null }
const twoReadings = (minutes: number, fromMah: number, toMah: number, levels: readonly [number, number]): Run =>
  runOf([
    [0, { chargeCounterUah: fromMah * 1000, levelPct: levels[0] }],
    [minutes * 60, { chargeCounterUah: toMah * 1000, levelPct: levels[1] }],
  ])

describe('describeEstimate()', () => {
  it('gives a rate with its interval, the error of the gauge and percent', () => {
    const { wording } = reportOf(
      runLike({ seed: 11, fullMah: 5000, stepMah: 5, rateMah: 50, minutes: 60, cv: 0.3 }, real),
    )
    expect(wording.headline).toMatch(
      /^\d\d\.\d mAh\/h \(within-run 95 % CI \d\d\.\d–\d\d\.\d; gauge ±0\.\d\d; (0\.9\d|1\.\d\d) %\/h\)$/,
    )
    expect(wording.detail).toMatch(
      /^\d+ steps of 5\.00 mAh \(0\.1 % of full\), edge to edge \d+ m( \d+ s)?, .*361\/361 with the app running$/,
    )
    expect(wording.verdict).toMatch(/^Valid: /)
    expect(wording.simulated).toBeNull()
  })

  it('gives one step as what it is, and how long to run', () => {
    const { wording, estimate } = reportOf(twoReadings(30, 2834.892, 2805.974, [98, 97]))
    expect(wording.headline).toBe('57.8 mAh/h is one step of 28.9 mAh: 1.45–114 mAh/h (95 %). Run ≥ 1 h')
    expect(wording.verdict).toMatch(/^Inconclusive: /)
    expect(estimate.rateMahPerH).toBeNull()
  })

  it('gives a bound when nothing moved, and says which step it took', () => {
    const { wording } = reportOf(twoReadings(31, 4140, 4140, [82, 82]))
    expect(wording.headline).toBe('≤ 92.8 mAh/h (95 %): the gauge (step taken as 50.5 mAh) did not move in 31 m')
  })

  it('gives a level in percent', () => {
    const { wording } = reportOf(
      runOf([
        [0, { levelPct: 80 }],
        [3600, { levelPct: 80 }],
      ]),
    )
    expect(wording.headline).toBe('≤ 0.95 %/h (95 %): the gauge (step taken as 1 %) did not move in 1 h')
  })

  it('gives no bound when there is none', () => {
    const { wording } = reportOf(runOf([0, 600].map((t) => [t, { chargeCounterUah: 2_000_000 }] as const)))
    expect(wording.headline).toBe('no bound: the gauge did not move in 10 m, and its step is not known')
  })

  it.each([
    [
      'a step up, which is not less than nothing',
      [99, 99, 100],
      '≤ 0.95 %/h (95 %): the gauge (step 1 %) did not fall in 1 h',
    ],
    ['a phone that was charged', [50, 60, 80], 'no bound: the level rose by 10 %: the phone was charging'],
  ])('gives %s', (_what, levels, headline) => {
    const { wording } = reportOf(runOf(levels.map((levelPct, index) => [index * 1800, { levelPct }] as const)))
    expect(wording.headline).toBe(headline)
    expect(wording.verdict).toMatch(/^Inconclusive: /)
  })

  it('gives no rate for falls that the polls can not time', () => {
    const { wording } = reportOf(runOf([90, 89, 88].map((levelPct, index) => [index * 10, { levelPct }] as const)))
    expect(wording.headline).toBe('185–536 %/h (95 %): the gauge fell by 2 % in 20 s, not to be timed. Run longer')
  })

  it('puts the reason before the figures of an invalid run', () => {
    const run = runLike({ seed: 11, fullMah: 5000, stepMah: 5, rateMah: 50, minutes: 60 }, real)
    const samples = run.samples.map((sample) => ({ ...sample, liveness: 'app_dead' as const }))
    const { wording } = reportOf({ ...run, samples })
    expect(wording.headline).toBe('no valid result: the app was not running')
    expect(wording.detail).toMatch(/^read all the same: \d\d\.\d mAh\/h/)
    expect(wording.verdict).toBe('Invalid: the app was not running')
  })

  it('says that a run was simulated before it says anything else', () => {
    const { wording } = reportOf(runLike({ seed: 11, fullMah: 5000, stepMah: 5, rateMah: 50, minutes: 60 }))
    expect(wording.simulated).toBe('simulated, x60')
    expect(wording.headline.startsWith('simulated, x60: ')).toBe(true)
  })

  it('says that nothing was measured', () => {
    const { wording } = reportOf({ manifest: { ...MANIFEST, simulated: null }, samples: [], events: [] })
    expect(wording.headline).toBe('no valid result: the battery was never read')
    expect(wording.detail).toBe('')
  })
})
