import { describe, expect, it } from 'vitest'
import { FakeClock } from '../../../test/fakes/fake-clock.js'
import { PhoneClock } from './phone-clock.js'

describe('the clock of a virtual phone', () => {
  it('runs as many times faster as it is told', async () => {
    const clock = new FakeClock({ wallMs: 5_000_000, monotonicMs: 77 })
    const phone = new PhoneClock({ clock, timeScale: 60, bootedAgoS: 100 })
    expect(phone.uptimeS()).toBe(100)
    await clock.advance(2000)
    expect(phone.uptimeS()).toBe(220)
    expect(phone.wallMs()).toBe(5_120_000)
  })

  it('sleeps in phone time', async () => {
    const clock = new FakeClock()
    const phone = new PhoneClock({ clock, timeScale: 10, bootedAgoS: 0 })
    const woken: number[] = []
    const slept = phone.sleep(60_000, new AbortController().signal).then(() => woken.push(phone.uptimeS()))
    await clock.advance(5999)
    expect(woken).toEqual([])
    await clock.advance(1)
    await slept
    expect(woken).toEqual([60])
  })

  it('keeps its time when the host corrects its own', () => {
    const clock = new FakeClock({ wallMs: 0 })
    const phone = new PhoneClock({ clock, timeScale: 1, bootedAgoS: 0 })
    clock.stepWall(3_600_000)
    expect(phone.wallMs()).toBe(0)
  })
})
