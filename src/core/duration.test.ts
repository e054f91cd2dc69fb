import { describe, expect, test } from 'vitest'
import { formatDuration, parseDuration } from './duration.js'

const RANGE = { name: 'duration', example: '30m', minMs: 60_000, maxMs: 7 * 86_400_000 }

describe('parseDuration()', () => {
  test.each([
    ['90s', 90_000],
    ['30m', 1_800_000],
    ['1h30m', 5_400_000],
    ['1.5h', 5_400_000],
    [' 30M ', 1_800_000],
    ['60000ms', 60_000],
    ['7d', 604_800_000],
  ])('reads %s', (text, ms) => {
    expect(parseDuration(text, RANGE)).toBe(ms)
  })

  test.each(['30', '30 minuten', '', 'm', '-5m', '30m ago', '1e3s', '٣٠m', '30mm', 'x'.repeat(10_000)])(
    'refuses %j as it is not a number and a unit',
    (text) => {
      expect(() => parseDuration(text, RANGE)).toThrow(/^Cannot read ".*" as the duration$/)
    },
  )

  test.each(['0s', '0m', '59s', '3650d', `${'9'.repeat(400)}h`])('refuses %s as it is out of range', (text) => {
    expect(() => parseDuration(text, RANGE)).toThrow('as it must be between 1 m and 7 d')
  })

  test('answers a usage error that says what to type', () => {
    expect(() => parseDuration('30 minuten', RANGE)).toThrow(
      expect.objectContaining({ code: 'DALA_DURATION', exitCode: 2, fix: [expect.stringContaining('--duration 30m')] }),
    )
  })
})

describe('formatDuration()', () => {
  test.each([
    [0, '0 ms'],
    [250, '250 ms'],
    [12_000, '12 s'],
    [60_000, '1 m'],
    [5_400_000, '1 h 30 m'],
    [86_400_000 + 61_000, '1 d'],
    [3_599_700, '1 h'],
  ])('writes %d ms as its two largest units', (ms, text) => {
    expect(formatDuration(ms)).toBe(text)
  })
})
