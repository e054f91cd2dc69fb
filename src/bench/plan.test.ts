import { expect, test } from 'vitest'
import { DEFAULT_APP, planBattery } from './plan.js'

const TYPED = { app: DEFAULT_APP, duration: '30m', interval: '10s', screen: 'off' } as const

test('reads half an hour every ten seconds', () => {
  expect(planBattery(TYPED)).toEqual({
    app: DEFAULT_APP,
    mode: 'no-beam',
    durationMs: 1_800_000,
    intervalMs: 10_000,
    screen: 'off',
  })
})

test.each([
  ['a duration of 0', { duration: '0' }],
  ['a duration of 0 s', { duration: '0s' }],
  ['a duration of 10 years', { duration: '3650d' }],
  ['a duration in another language', { duration: '30 minuten' }],
  ['an interval of 0', { interval: '0s' }],
  ['an interval as long as a lunch', { interval: '1h' }],
  ['an interval longer than the duration', { duration: '1m', interval: '2m' }],
])('refuses %s as a usage error', (_name, typed) => {
  expect(() => planBattery({ ...TYPED, ...typed })).toThrow(
    expect.objectContaining({ code: 'DALA_DURATION', exitCode: 2 }),
  )
})
