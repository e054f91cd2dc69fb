import { describe, expect, test } from 'vitest'
import { TimeoutError, withDeadline } from './deadline.js'

const never = (): Promise<never> => new Promise(() => undefined)

describe('withDeadline()', () => {
  test('passes the result on and ends the operation’s signal', async () => {
    const signals: AbortSignal[] = []
    const call = { signal: new AbortController().signal, timeoutMs: 1000 }
    const result = await withDeadline(call, 'Counting', (signal) => {
      signals.push(signal)
      return Promise.resolve(3)
    })
    expect(result).toBe(3)
    expect(signals[0]?.aborted).toBe(true)
  })

  test('rejects at the deadline even when the operation ignores its signal', async () => {
    const call = { signal: new AbortController().signal, timeoutMs: 5 }
    await expect(withDeadline(call, 'Waiting', never)).rejects.toThrow(new TimeoutError('Waiting', 5))
  })

  test('rejects with the caller’s reason when the caller aborts', async () => {
    const controller = new AbortController()
    const pending = withDeadline({ signal: controller.signal, timeoutMs: 60_000 }, 'Waiting', never)
    controller.abort(new Error('no longer needed'))
    await expect(pending).rejects.toThrow('no longer needed')
  })

  test('does not start when the caller has aborted already', async () => {
    const call = { signal: AbortSignal.abort(new Error('too late')), timeoutMs: 60_000 }
    let started = false
    const pending = withDeadline(call, 'Waiting', () => {
      started = true
      return never()
    })
    await expect(pending).rejects.toThrow('too late')
    expect(started).toBe(false)
  })
})
