import { describe, expect, test } from 'vitest'
import { FakeClock } from '../../test/fakes/fake-clock.js'
import { fakeSession, reading } from '../../test/fakes/fake-session.js'
import { DalaError } from '../core/errors.js'
import { Interrupted } from '../core/interrupt.js'
import type { DeviceSession, Observation } from '../devices/types.js'
import { sampleBattery } from './loop.js'
import type { BenchPlan, RunEvent } from './types.js'

const PLAN: BenchPlan = {
  app: 'dev.dala.runtime',
  mode: 'no-beam',
  durationMs: 1_800_000,
  intervalMs: 10_000,
  screen: 'off',
}
const LOST = new DalaError('DALA_DEVICE_LOST', 'Cannot reach phone "p" as it is gone', { fix: ['Plug it in'] })

interface Setup {
  readonly plan?: Partial<BenchPlan>
  readonly timeScale?: number
  /** Answers an observation at phone uptime `uptimeS`. */
  readonly observe?: (uptimeS: number, what: { screen: boolean }) => Observation
  readonly setScreen?: DeviceSession['setScreen']
}

function start({ plan, timeScale = 1, observe, setScreen }: Setup) {
  const clock = new FakeClock()
  const controller = new AbortController()
  const bootMs = clock.monotonicMs()
  const events: RunEvent[] = []
  const uptimeS = (): number => 5000 + ((clock.monotonicMs() - bootMs) * timeScale) / 1000
  const session = fakeSession({
    ...(setScreen === undefined ? {} : { setScreen }),
    observe: (what) => Promise.resolve().then(() => (observe ?? ((up) => reading({ uptimeS: up })))(uptimeS(), what)),
  })
  const options = { clock, session, plan: { ...PLAN, ...plan }, timeScale, signal: controller.signal }
  const done = (async () => {
    for await (const event of sampleBattery(options)) events.push(event)
  })()
  return { clock, controller, events, done }
}

const samples = (events: readonly RunEvent[]) =>
  events.flatMap((event) => (event.type === 'sample' ? [event.sample] : []))

describe('sampleBattery()', () => {
  test('takes 181 samples in half an hour, ten seconds of the phone’s own clock apart', async () => {
    const { clock, events, done } = start({})
    await clock.advance(1_800_000)
    await done
    expect(samples(events).map(({ elapsedS }) => elapsedS)).toEqual(Array.from({ length: 181 }, (_, n) => n * 10))
    expect(events.at(-1)).toMatchObject({ type: 'end', status: 'complete', atS: 1800 })
  })

  test('keeps phone time on a phone that runs 60 times as fast', async () => {
    const { clock, events, done } = start({ timeScale: 60 })
    await clock.advance(30_001)
    await done
    expect(samples(events)).toHaveLength(181)
    expect(samples(events).at(-1)?.elapsedS).toBeCloseTo(1800, 1)
  })

  test('asks for the screen once a minute', async () => {
    const asked: number[] = []
    const { clock, done } = start({
      plan: { durationMs: 180_000 },
      observe: (uptimeS, { screen }) => {
        if (screen) asked.push(uptimeS - 5000)
        return reading({ uptimeS, screen: screen ? 'off' : null })
      },
    })
    await clock.advance(180_000)
    await done
    expect(asked).toEqual([0, 60, 120, 180])
  })

  test('goes on after the phone was gone for 60 s, with backoff 0, 2, 4, 8, 16, 30', async () => {
    const { clock, events, done } = start({
      plan: { durationMs: 300_000 },
      observe: (uptimeS) => {
        if (uptimeS >= 5100 && uptimeS < 5160) throw LOST
        return reading({ uptimeS })
      },
    })
    await clock.advance(300_000)
    await done
    expect(events.filter(({ type }) => type === 'lost')).toMatchObject([{ atS: 100, reason: LOST.message }])
    expect(events.filter(({ type }) => type === 'back')).toMatchObject([{ atS: 160, gapS: 60 }])
    const lost = samples(events).filter(({ liveness }) => liveness === 'transport_lost')
    expect(lost.map(({ elapsedS }) => elapsedS)).toEqual([100, 100, 102, 106, 114, 130])
    expect(samples(events).at(-1)?.elapsedS).toBe(300)
  })

  test('tries a last time at the end when the phone never comes back', async () => {
    const { clock, events, done } = start({
      plan: { durationMs: 100_000 },
      observe: (uptimeS) => {
        if (uptimeS >= 5050) throw LOST
        return reading({ uptimeS })
      },
    })
    await clock.advance(140_000)
    await done
    expect(samples(events).at(-1)).toMatchObject({ elapsedS: 100, liveness: 'transport_lost', levelPct: null })
    expect(events.at(-1)).toMatchObject({ type: 'end', status: 'complete' })
  })

  test('ends as interrupted when it is stopped in the middle', async () => {
    const { clock, controller, events, done } = start({})
    await clock.advance(25_000)
    controller.abort(new Interrupted('SIGINT'))
    await done
    expect(samples(events)).toHaveLength(3)
    expect(events.at(-1)).toMatchObject({ type: 'end', status: 'interrupted', reason: 'Stopped by SIGINT' })
  })

  test('says once that the readings were frozen', async () => {
    const { clock, events, done } = start({
      plan: { durationMs: 60_000 },
      observe: (uptimeS) => reading({ uptimeS, updatesStopped: uptimeS >= 5020 }),
    })
    await clock.advance(60_000)
    await done
    expect(events.filter(({ type }) => type === 'taint')).toMatchObject([{ code: 'updates_stopped', atS: 20 }])
  })

  test.each([
    ['wakes up', () => Promise.resolve('on' as const), 'the screen had gone off and was woken again'],
    ['does as it likes', () => Promise.resolve('off' as const), 'the screen had gone off and did not wake up again'],
    ['refuses', () => Promise.reject(LOST), `the screen had gone off and could not be woken: ${LOST.message}`],
  ])('goes on with a screen that is to be on and %s', async (_name, setScreen, text) => {
    const { clock, events, done } = start({
      plan: { durationMs: 60_000, screen: 'on' },
      observe: (uptimeS, { screen }) => reading({ uptimeS, screen: screen ? 'off' : null }),
      setScreen,
    })
    await clock.advance(60_000)
    await done
    expect(events.flatMap((event) => (event.type === 'note' ? [event.text] : []))).toEqual([text, text])
    expect(samples(events)).toHaveLength(7)
    expect(events.map(({ type }) => type)).not.toContain('lost')
  })

  test('takes its last sample at the end of a duration that is no multiple of the interval', async () => {
    const { clock, events, done } = start({ plan: { durationMs: 95_000, intervalMs: 30_000 } })
    await clock.advance(95_000)
    await done
    expect(samples(events).map(({ elapsedS }) => elapsedS)).toEqual([0, 30, 60, 90, 95])
  })

  test('counts from the first sample when the phone tells its uptime only later', async () => {
    const { clock, events, done } = start({
      plan: { durationMs: 30_000 },
      observe: (uptimeS) => reading({ uptimeS: uptimeS < 5010 ? null : uptimeS }),
    })
    await clock.advance(30_000)
    await done
    expect(samples(events).map(({ elapsedS }) => elapsedS)).toEqual([0, 10, 20, 30])
  })

  test('keeps elapsed time going when the phone has restarted, and says so', async () => {
    const { clock, events, done } = start({
      plan: { durationMs: 60_000 },
      observe: (uptimeS) => reading({ uptimeS: uptimeS >= 5030 ? uptimeS - 5020 : uptimeS }),
    })
    await clock.advance(60_000)
    await done
    expect(samples(events).map(({ elapsedS }) => elapsedS)).toEqual([0, 10, 20, 30, 40, 50, 60])
    expect(events.filter(({ type }) => type === 'taint')).toMatchObject([{ code: 'reboot', atS: 30 }])
  })

  test('sees a restart during a gap even when the phone comes back with more uptime than it had', async () => {
    const { clock, events, done } = start({
      plan: { durationMs: 400_000 },
      observe: (uptimeS) => {
        if (uptimeS >= 5100 && uptimeS < 5310) throw LOST
        // It had been up for 60 s only when the run began, and restarted at 5110.
        return reading({ uptimeS: uptimeS < 5110 ? uptimeS - 4940 : uptimeS - 5110 })
      },
    })
    await clock.advance(400_000)
    await done
    expect(events.filter(({ type }) => type === 'taint')).toMatchObject([{ code: 'reboot' }])
    const elapsed = samples(events).map(({ elapsedS }) => elapsedS)
    expect(elapsed).toEqual(elapsed.toSorted((one, other) => one - other))
    expect(elapsed.at(-1)).toBe(400)
  })

  test('keeps the phone’s time when this computer slept, and ends on it', async () => {
    const { clock, events, done } = start({
      plan: { durationMs: 1_800_000 },
      // From the phone's 60th second on, its clock is 20 minutes ahead of a host whose clock stood still.
      observe: (uptimeS) => reading({ uptimeS: uptimeS > 5060 ? uptimeS + 1200 : uptimeS }),
    })
    await clock.advance(600_000)
    await done
    expect(events.filter(({ type }) => type === 'taint')).toMatchObject([{ code: 'clock', atS: 1270 }])
    expect(samples(events).at(-1)?.elapsedS).toBe(1800)
    expect(events.at(-1)).toMatchObject({ type: 'end', status: 'complete', atS: 1800 })
  })

  test.each([
    ['any powered flag', { usb: true }, 'discharging', true],
    ['a charging status without a flag', {}, 'charging', true],
    ['neither', {}, 'discharging', false],
  ] as const)('writes charging for %s', async (_name, plugged, status, charging) => {
    const { clock, events, done } = start({
      plan: { durationMs: 60_000, intervalMs: 60_000 },
      observe: (uptimeS) => reading({ uptimeS, plugged, status }),
    })
    await clock.advance(60_000)
    await done
    expect(samples(events)[0]?.charging).toBe(charging)
  })
})
