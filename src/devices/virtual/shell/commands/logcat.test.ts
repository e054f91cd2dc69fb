import { describe, expect, it } from 'vitest'
import { bootPhone } from '../../../../../test/fakes/virtual-phone.js'

describe('logcat', () => {
  it('prints what the phone logged when it started, by tag and priority', async () => {
    const { out } = await bootPhone()
    const log = (await out('logcat -d')).split('\n')
    expect(log[0]).toBe('--------- beginning of main')
    expect(log[1]).toMatch(/^\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} {3}405 {3}405 I logd {4}: logd reinit$/)
    expect(await out('logcat -d -v tag -s ActivityManager')).toBe(
      '--------- beginning of main\nI/ActivityManager: System now ready',
    )
    expect(await out('logcat -d *:I | grep -c Zygote || true')).toBe('0')
    expect(await out('logcat -d -t 1 -v raw | tail -1')).toBe('Starting phase 1000')
    expect(await out('logcat -c; logcat -d')).toBe('--------- beginning of main')
  })

  it('waits for more until the host leaves', async () => {
    const { phone } = await bootPhone()
    const host = new AbortController()
    const ignore = (): Promise<void> => Promise.resolve()
    // As adb runs it.
    const run = phone.run('export ANDROID_LOG_TAGS=""; exec logcat', {
      stdin: (async function* (): AsyncGenerator<Uint8Array> {})(),
      stdout: async () => host.abort(new Error('gone')),
      stderr: ignore,
      signal: host.signal,
    })
    expect(await run).toBe(129)
  })
})
