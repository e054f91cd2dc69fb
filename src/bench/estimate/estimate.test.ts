import { describe, expect, it } from 'vitest'

import { runOf, sampleAt, simulate } from '../../../test/support/gauge.js'
import { MANIFEST } from '../../../test/support/report.js'
import type { Estimate, Run, Sample } from '../types.js'
import { estimate } from './estimate.js'

type Row = readonly [number, Partial<Sample>]

const twoReadings = (
  minutes: number,
  from: readonly [number | null, number | null],
  to: readonly [number | null, number | null],
): Run =>
  runOf([
    [0, { chargeCounterUah: from[0] === null ? null : from[0] * 1000, levelPct: from[1] }],
    [minutes * 60, { chargeCounterUah: to[0] === null ? null : to[0] * 1000, levelPct: to[1] }],
  ])

/** A clean run of an hour: 5 mAh steps at 50 mAh/h, a reading every ten seconds. */
const clean = (): Run => simulate({ seed: 7, fullMah: 5000, stepMah: 5, rateMah: 50, minutes: 60 }).run

const changed = (run: Run, change: (sample: Sample, index: number) => Partial<Sample>): Run => ({
  ...run,
  samples: run.samples.map((sample, index) => ({ ...sample, ...change(sample, index) })),
})

const codes = (result: Estimate): string[] => result.taints.map((taint) => `${taint.code}:${taint.effect}`)

describe('estimate() of the runs that were published', () => {
  it.each([
    ['Moto E 1', twoReadings(31, [2834, 98], [2805, 96]), [1.4, 110.8]],
    ['Moto E 2', twoReadings(32, [2863, 99], [2834, 98]), [1.36, 107.4]],
  ] as const)('gives no rate for %s, which saw one step', (_name, run, ci) => {
    const result = estimate(run)
    expect(result).toMatchObject({
      rateMahPerH: null,
      steps: 1,
      stepMah: 29,
      ciMethod: 'steps',
      verdict: 'inconclusive',
    })
    expect(result.ci95?.[0]).toBeCloseTo(ci[0], 1)
    expect(result.ci95?.[1]).toBeCloseTo(ci[1], 0)
    expect(result.bound?.lo).toBe(0)
    expect(result.floorMahPerH).toBeCloseTo(((0.776 * 29 * 60) / (run.samples[1]?.elapsedS ?? 0)) * 60, 1)
  })

  it('bounds Moto G 2, whose gauge did not move, by one percent of its charge', () => {
    const result = estimate(twoReadings(31, [4140, 82], [4140, 82]))
    expect(result).toMatchObject({ rateMahPerH: null, steps: 0, stepMah: null, verdict: 'inconclusive' })
    expect(result.assumedStepMah).toBeCloseTo(50.5, 1)
    expect(result.ci95?.[1]).toBeCloseTo(92.8, 0)
    expect(result.bound?.hi).toBeCloseTo(97.7, 0)
  })

  it('bounds the iPhone run in percent and doubts its start from 100 %', () => {
    const result = estimate(twoReadings(30, [null, 100], [null, 99]))
    expect(result).toMatchObject({ basis: 'level', ratePctPerH: null, rateMahPerH: null, ci95: null, bound: null })
    expect(result.boundPctPerH).toEqual({ lo: 0, hi: 4 })
    expect(result.ci95PctPerH?.[1]).toBeCloseTo(3.95, 2)
    expect(codes(result)).toEqual(['lag_unseen:taint', 'start_full:taint'])
  })

  it.each([
    [30, 9.5],
    [60, 4.75],
  ])('bounds an iPhone that showed fives and did not move in %i minutes', (minutes, most) => {
    const { device } = MANIFEST
    const manifest = { ...MANIFEST, device: { ...device, platform: 'ios' as const } }
    const result = estimate({ ...twoReadings(minutes, [null, 95], [null, 95]), manifest })
    expect(result.ci95PctPerH).toEqual([0, most])
  })
})

describe('estimate()', () => {
  it('times the transitions of a clean run', () => {
    const result = estimate(clean())
    expect(result).toMatchObject({
      basis: 'charge',
      method: 'transitions',
      stepMah: 5,
      stepOfFull: 'permille',
      verdict: 'valid',
    })
    expect(result.rateMahPerH).toBeCloseTo(50, 0)
    expect(result.ratePctPerH).toBeCloseTo(1, 1)
    expect(result.gaugeHalfWidthMahPerH).toBeLessThan(0.5)
  })

  it('says that nothing was read rather than nothing was used', () => {
    const result = estimate({ manifest: null, samples: [], events: [] })
    expect(result).toMatchObject({ method: 'none', bound: null, ci95: null, verdict: 'invalid', basis: null })
    expect(codes(result)).toEqual(['no_readings:invalid'])
  })

  it('keeps the upper bound open when the full charge is not known and nothing moved', () => {
    const rows: Row[] = [0, 600, 1200].map((t) => [t, { chargeCounterUah: 2_000_000 }])
    expect(estimate(runOf(rows))).toMatchObject({ bound: { lo: 0, hi: null }, ci95: null, boundPctPerH: null })
  })

  it('finds the step of rounded numbers', () => {
    const values = [2834, 2805, 2776, 2747, 2719, 2690, 2661]
    const rows: Row[] = values.map((mah, index) => [index * 1800, { chargeCounterUah: mah * 1000 }])
    expect(estimate(runOf(rows)).stepMah).toBeCloseTo(28.83, 1)
  })

  it('takes a jitter of one step up for what it is', () => {
    const run = clean()
    const jittery = changed(run, (sample, index) =>
      index === 100 ? { chargeCounterUah: (sample.chargeCounterUah ?? 0) + 5000 } : {},
    )
    expect(estimate(jittery)).toMatchObject({ verdict: 'valid', rateMahPerH: estimate(run).rateMahPerH })
  })

  it('gives a transition that a gap hid the gap as its window', () => {
    const run = clean()
    const first = estimate(run)
    const holed = { ...run, samples: run.samples.filter((sample) => sample.elapsedS < 3000 || sample.elapsedS > 3580) }
    const result = estimate(holed)
    expect(codes(result)).toEqual(['gap:note'])
    expect(result.verdict).toBe('valid')
    expect(result.gaps).toEqual([{ fromS: 2990, toS: 3590 }])
    expect(result.gaugeHalfWidthMahPerH ?? 0).toBeGreaterThan(10 * (first.gaugeHalfWidthMahPerH ?? 0))
  })
})

describe('estimate() of a counter in another dress', () => {
  const scaled = (factor: number): Run =>
    changed(clean(), (sample) => ({ chargeCounterUah: Math.round((sample.chargeCounterUah ?? 0) * factor) }))

  it.each([
    ['mAh', 0.001, 1000],
    ['tens of µAh', 0.1, 10],
  ] as const)('reads a counter printed in %s', (_unit, factor, expected) => {
    const result = estimate(scaled(factor))
    expect(result.counterFactor).toBe(expected)
    expect(result.rateMahPerH).toBeCloseTo(50, 0)
    expect(codes(result)).toEqual(['counter_unit:note'])
  })

  it('uses the differences of a negative accumulator', () => {
    const run = changed(clean(), (sample) => ({ chargeCounterUah: (sample.chargeCounterUah ?? 0) - 8_000_000 }))
    const result = estimate(run)
    expect(result.rateMahPerH).toBeCloseTo(50, 0)
    expect(result).toMatchObject({ fullMah: null, ratePctPerH: null })
  })

  it('falls back to the level when the counter stands still', () => {
    const falling: Row[] = Array.from({ length: 400 }, (_, i) => [
      i * 30,
      { levelPct: 80 - Math.floor(i / 100), chargeCounterUah: 2_000_000 },
    ])
    const result = estimate(runOf(falling))
    expect(result).toMatchObject({ basis: 'level', rateMahPerH: null, ratePctPerH: 1.2, stepPct: 1 })
    expect(codes(result)).toContain('counter_frozen:note')
  })

  it('distrusts a counter that the level contradicts', () => {
    const run = changed(clean(), (_sample, index) => ({ levelPct: 90 - Math.floor(index / 30) }))
    const result = estimate(run)
    expect(result.basis).toBe('level')
    expect(codes(result)).toContain('counter_disagrees:taint')
    expect(result.verdict).toBe('tainted')
  })
})

describe('estimate() doubts', () => {
  const event = (code: string): Run => ({
    ...clean(),
    events: [{ type: 'taint', atS: 60, wallTime: '2026-01-05T00:01:00.000Z', code, detail: 'seen' }],
  })
  const pids = (...all: readonly (readonly number[])[]): Run => ({
    ...clean(),
    events: all.map((appPids, i) => ({ type: 'sample', sample: sampleAt(i * 10, {}), status: 'discharging', appPids })),
  })
  const cases: readonly (readonly [string, Run, string])[] = [
    ['a charger', changed(clean(), (_s, i) => (i === 9 ? { charging: true } : {})), 'charging:taint'],
    [
      'a counter that rises by three steps',
      changed(clean(), (s, i) => (i > 180 ? { chargeCounterUah: (s.chargeCounterUah ?? 0) + 15_000 } : {})),
      'charging:taint',
    ],
    [
      'a counter that jumps',
      changed(clean(), (s, i) => (i > 180 ? { chargeCounterUah: (s.chargeCounterUah ?? 0) - 60_000 } : {})),
      'recalibration:taint',
    ],
    ['frozen readings', event('updates_stopped'), 'updates_stopped:invalid'],
    ['a code it does not know', event('odd'), 'odd:taint'],
    ['a restart of the phone', changed(clean(), (_s, i) => (i > 200 ? { deviceUptimeS: i } : {})), 'reboot:invalid'],
    [
      'a dead app',
      changed(clean(), (_s, i) => (i === 5 || i === 6 ? { liveness: 'app_dead' } : {})),
      'app_dead:invalid',
    ],
    ['a restarted app', pids([42], [42], [43]), 'app_restarted:invalid'],
    ['heat', changed(clean(), () => ({ temperatureC: 41 })), 'thermal:taint'],
    ['a battery that warms up', changed(clean(), (_s, i) => ({ temperatureC: 25 + i / 100 })), 'thermal:taint'],
    ['a screen that goes on', changed(clean(), (_s, i) => (i === 50 ? { screen: 'on' } : {})), 'screen:taint'],
    [
      'a cache of ten minutes',
      simulate({ seed: 3, fullMah: 5000, stepMah: 1, rateMah: 50, minutes: 60, refreshS: 600 }).run,
      'stale_cache:taint',
    ],
    [
      'a phone that shows one reading all along',
      simulate({ seed: 3, fullMah: 5000, stepMah: 1, rateMah: 50, minutes: 60, refreshS: 9000 }).run,
      'stale_cache:invalid',
    ],
    [
      'a row that came twice',
      { ...clean(), samples: clean().samples.flatMap((s, i) => (i === 4 ? [s, s] : [s])) },
      'duplicates:note',
    ],
    [
      'a late row',
      { ...clean(), samples: clean().samples.toSpliced(20, 0, sampleAt(33, { levelPct: 90 })) },
      'out_of_order:note',
    ],
    [
      'a run that is mostly lost',
      { ...clean(), samples: clean().samples.filter((_s, i) => i < 60 || i > 300) },
      'gap:invalid',
    ],
  ]

  it.each(cases)('%s', (_name, run, expected) => {
    const result = estimate(run)
    expect(codes(result)).toContain(expected)
    const verdicts: Record<string, string> = { invalid: 'invalid', taint: 'tainted', note: 'valid' }
    // A taint is one without a rate too.
    const verdict = result.rateMahPerH === null && expected.endsWith(':taint') ? 'inconclusive' : null
    expect(result.verdict).toBe(verdict ?? verdicts[expected.split(':')[1] ?? ''])
  })

  it('says how long the link was lost when it never came back', () => {
    const run = clean()
    const wallTime = '2026-01-05T00:00:00.000Z'
    const result = estimate({
      ...run,
      samples: run.samples.filter((sample) => sample.elapsedS <= 1200),
      events: [
        { type: 'lost', atS: 1200, wallTime, reason: 'unplugged' },
        { type: 'end', atS: 3600, wallTime, status: 'failed', reason: 'lost' },
      ],
    })
    expect(result.taints).toEqual([
      { code: 'gap', effect: 'invalid', detail: 'no reading for 40 m, from 20 m on', atS: 1200 },
    ])
  })
})
