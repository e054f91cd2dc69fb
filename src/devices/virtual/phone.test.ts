import { createServer } from 'node:net'
import { describe, expect, it } from 'vitest'
import { bootPhone } from '../../../test/fakes/virtual-phone.js'
import { PHONE_MODELS } from './models.js'

const EVERY_PROFILE = Object.keys(PHONE_MODELS)

const counterOf = (dump: string): number => Number(/Charge counter: (-?\d+)/.exec(dump)?.[1])

describe('a virtual phone', () => {
  it.each(EVERY_PROFILE)('%s says who it is', async (profile) => {
    const { phone, out } = await bootPhone({ profile })
    const model = PHONE_MODELS[profile]
    expect(await out('getprop ro.product.model')).toBe(model?.model)
    expect(await out('getprop ro.product.cpu.abi')).toBe(model?.abis[0])
    expect(await out('getprop ro.serialno')).toBe('VP0001')
    expect(await out('getprop sys.boot_completed')).toBe('1')
    expect(phone.props.get('ro.build.fingerprint')).toMatch(/^\w+\/\w+\/\w+:\d+\/[\w.]+\/\d+:user\/release-keys$/)
    expect(phone.profileName).toBe(profile)
  })

  it('tells by one property alone that it is simulated', async () => {
    const { out } = await bootPhone({ timeScale: 60 })
    const telling = (await out('getprop'))
      .split('\n')
      .filter((line) => /simulat|virtual|dala|emulator|goldfish/.test(line))
    expect(telling).toEqual(['[ro.dala.simulated_time_scale]: [60]'])
  })

  it('runs the Android version asked for', async () => {
    const { out } = await bootPhone({ androidVersion: 8 })
    expect(await out('getprop ro.build.version.sdk')).toBe('26')
    expect(await out('dumpsys battery')).not.toContain('Dock powered')
  })

  it('refuses an unknown profile and lists the known ones', async () => {
    const unknown = bootPhone({ profile: 'nokia-3310' })
    await expect(unknown).rejects.toMatchObject({
      code: 'DALA_PROFILE_UNKNOWN',
      message: `Cannot start a virtual phone as "nokia-3310": there is no such profile; known profiles are ${EVERY_PROFILE.join(', ')}`,
    })
    await expect(bootPhone({ profile: 'toString' })).rejects.toMatchObject({ code: 'DALA_PROFILE_UNKNOWN' })
  })

  it('refuses an Android version that it does not have', async () => {
    await expect(bootPhone({ androidVersion: 7 })).rejects.toMatchObject({ code: 'DALA_USAGE' })
  })

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('refuses %d as a time scale', async (timeScale) => {
    await expect(bootPhone({ timeScale })).rejects.toMatchObject({ code: 'DALA_USAGE' })
  })

  it('is the same phone for the same seed', async () => {
    const boot = async (seed: number): Promise<string> => {
      const { out, passS } = await bootPhone({ seed })
      await passS(7200)
      return out('cat /proc/sys/kernel/random/boot_id /proc/uptime; dumpsys battery')
    }
    expect(await boot(3)).toBe(await boot(3))
    expect(await boot(3)).not.toBe(await boot(4))
  })

  it('drains as fast as its time runs', async () => {
    const { phone, out, clock } = await bootPhone({ timeScale: 60 })
    const uptimeS = async (): Promise<number> => Number((await out('cat /proc/uptime')).split(' ')[0])
    const before = await uptimeS()
    await clock.advance(600_000)
    expect((await uptimeS()) - before).toBeCloseTo(36_000)
    // 10 hours at 60 mA, and what a load that wanders adds or takes.
    expect(phone.truth().drainedMah).toBeGreaterThan(550)
    expect(phone.truth().drainedMah).toBeLessThan(650)
  })

  it('draws the screen-on current while the screen is on', async () => {
    const { phone, out, passS } = await bootPhone()
    await out('input keyevent 224')
    await passS(3600)
    const lit = phone.truth().drainedMah
    await out('input keyevent 223')
    await passS(3600)
    expect(lit).toBeGreaterThan(170)
    expect(phone.truth().drainedMah - lit).toBeLessThan(80)
  })

  it('prints the cached battery, not the cell', async () => {
    const { out, passS } = await bootPhone({ profile: 'samsung-a35' })
    const first = await out('dumpsys battery')
    await passS(29)
    expect(await out('dumpsys battery')).toBe(first)
    await passS(3600)
    expect(await out('dumpsys battery')).not.toBe(first)
  })

  it('refreshes its battery rarely once it dozes', async () => {
    const { out, passS } = await bootPhone()
    await out('dumpsys deviceidle force-idle')
    await passS(120)
    const dozing = await out('dumpsys battery')
    await passS(700)
    expect(await out('dumpsys battery')).toBe(dozing)
    await passS(300)
    expect(await out('dumpsys battery')).not.toBe(dozing)
  })

  it('falls into deep Doze by itself after an hour of rest', async () => {
    const { out, passS } = await bootPhone()
    expect(await out('dumpsys deviceidle get deep')).toBe('ACTIVE')
    await passS(3601)
    expect(await out('dumpsys deviceidle get deep')).toBe('IDLE')
    await out('input keyevent KEYCODE_WAKEUP')
    expect(await out('dumpsys deviceidle get deep')).toBe('ACTIVE')
  })

  it('freezes what dumpsys prints when the battery is set, while the battery drains on', async () => {
    const { phone, out, passS } = await bootPhone()
    await out('dumpsys battery set ac 1')
    const frozen = await out('dumpsys battery')
    expect(frozen).toContain("(UPDATES STOPPED -- use 'reset' to restart)")
    expect(frozen).toContain('AC powered: true')
    await passS(5 * 3600)
    expect(await out('dumpsys battery')).toBe(frozen)
    expect(phone.truth().drainedMah).toBeGreaterThan(250)
    await out('dumpsys battery reset')
    const after = await out('dumpsys battery')
    expect(after).toContain('AC powered: false')
    expect(after).not.toContain('UPDATES STOPPED')
    expect(counterOf(after)).toBeLessThan(counterOf(frozen) - 200_000)
  })

  it('charges when a charger is plugged in', async () => {
    const { phone, out, passS } = await bootPhone()
    phone.setCharger('usb')
    const plugged = await out('dumpsys battery')
    expect(plugged).toMatch(/USB powered: true[^]*Max charging current: 500000[^]*status: 2/)
    await passS(1800)
    expect(counterOf(await out('dumpsys battery'))).toBeGreaterThan(counterOf(plugged))
    await out('cmd battery unplug')
    expect(await out('dumpsys battery')).toContain('USB powered: false')
    const before = phone.truth().chargeMah
    await passS(600)
    expect(phone.truth().chargeMah).toBeGreaterThan(before)
  })

  it('reaches a port of its loopback, and refuses one where nothing listens', async () => {
    const { phone } = await bootPhone()
    const server = createServer((socket) => socket.end('hello'))
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve)
    })
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const stream = await phone.openPort(port)
    expect(Buffer.from((await stream.read()) ?? []).toString()).toBe('hello')
    stream.close()
    await new Promise((resolve) => {
      server.close(resolve)
    })
    await expect(phone.openPort(port)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })
})
