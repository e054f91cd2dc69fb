import { expect, it } from 'vitest'
import { FakeClock } from '../../../test/fakes/fake-clock.js'
import { keepSettled } from './settling.js'

it('simulates a phone that nobody asks once a second, until it is switched off', async () => {
  const clock = new FakeClock()
  const off = new AbortController()
  let settled = 0
  const done = keepSettled(() => (settled += 1), clock, off.signal)
  await clock.advance(60_000)
  expect(settled).toBe(61)
  off.abort()
  await done
  await clock.advance(60_000)
  expect(settled).toBe(61)
})

it('does not hide a bug', async () => {
  const bug = new TypeError('a bug')
  const settle = (): void => {
    throw bug
  }
  await expect(keepSettled(settle, new FakeClock(), new AbortController().signal)).rejects.toBe(bug)
})
