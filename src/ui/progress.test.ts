import { expect, test } from 'vitest'
import type { RunEvent, Sample } from '../bench/types.js'
import { runProgress } from './progress.js'

const SAMPLE: Sample = {
  elapsedS: 0,
  wallTime: '2026-01-05T12:00:00.000Z',
  deviceUptimeS: 5000,
  levelPct: 80,
  chargeCounterUah: 4_000_000,
  currentUa: null,
  voltageMv: 4100,
  temperatureC: 28.5,
  charging: false,
  screen: null,
  liveness: 'process_only',
  rttMs: 1.25,
  source: 'dumpsys battery',
}

function sampleAt(elapsedS: number, differs: Partial<Sample> = {}): RunEvent {
  return { type: 'sample', sample: { ...SAMPLE, elapsedS, ...differs }, status: 'discharging', appPids: [1] }
}

function show(live: boolean, events: readonly RunEvent[]): string {
  const written: string[] = []
  const view = runProgress({ isTTY: live, live, width: 60 }, (text) => written.push(text))
  events.forEach((event) => view.event(event))
  return written.join('')
}

const HALF_MINUTES = [
  sampleAt(0),
  sampleAt(30),
  sampleAt(60),
  sampleAt(90, { chargeCounterUah: 3_995_000 }),
  sampleAt(121),
]

test('writes a plain line a minute when piped', () => {
  expect(show(false, HALF_MINUTES)).toMatchInlineSnapshot(`
    "00:00  80 %  4000.0 mAh  used 0.0 mAh  process_only  1.3 ms
    01:00  80 %  4000.0 mAh  used 0.0 mAh  process_only  1.3 ms
    02:01  80 %  4000.0 mAh  used 0.0 mAh  process_only  1.3 ms
    "
  `)
})

test('rewrites one line, never wider than the terminal, when somebody watches', () => {
  const lines = show(true, [sampleAt(0), sampleAt(10, { liveness: 'process_only' })]).split('\r')
  expect(lines).toHaveLength(3)
  expect(lines[2]).toBe('\u001B[2K00:10  80 %  4000.0 mAh  used 0.0 mAh  process_only  1.3 ms')
  expect(lines[2]?.length).toBeLessThan(60 + 4)
})

test('says at once, on lines of their own, that the phone was lost and is back', () => {
  const wallTime = '2026-01-05T12:00:00.000Z'
  const text = show(false, [
    { type: 'lost', atS: 100, wallTime, reason: 'gone\u001B[31m' },
    sampleAt(100, { liveness: 'transport_lost', levelPct: null, chargeCounterUah: null, rttMs: null }),
    { type: 'back', atS: 160, wallTime, gapS: 60 },
    { type: 'end', atS: 300, wallTime, status: 'complete', reason: null },
  ])
  expect(text).toBe('01:40  lost: gone?[31m\n01:40  transport_lost\n02:40  back after 1 m\n05:00  complete\n')
})
