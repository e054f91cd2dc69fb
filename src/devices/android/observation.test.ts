import * as fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { battery, call, onPhone, sh } from '../../../test/fakes/phone-session.js'
import { parseInfo } from './describe.js'
import { parseObservation } from './observation.js'

describe('one sample', () => {
  it('is one round trip with exactly one dumpsys battery', async () => {
    const shell = sh({
      'cat /proc/uptime': '12345.67 23456.78\n',
      'pidof com.example.app 2>&1': '4711 4712\n',
      'dumpsys power | grep mWakefulness=': '  mWakefulness=Dozing\n',
      'dumpsys battery': battery,
    })
    const { observation, commands } = await onPhone(shell, async (session, fake) => {
      const observation = await session.observe({ app: 'com.example.app', screen: true }, call())
      return { observation, commands: fake.requests.filter((request) => request.startsWith('shell')) }
    })
    expect(observation).toMatchObject({ uptimeS: 12_345.67, appPids: [4711, 4712], screen: 'off' })
    expect(observation.battery).toMatchObject({ levelPct: 54, chargeCounterUah: 2_848_000, status: 'discharging' })
    expect(commands).toHaveLength(1)
    expect(commands[0]?.match(/dumpsys battery/g)).toHaveLength(1)
  })

  it('does not ask for what nobody wants to know', async () => {
    const { observation, commands } = await onPhone(sh({ 'dumpsys battery': battery }), async (session, fake) => {
      const observation = await session.observe({ app: null, screen: false }, call())
      return { observation, commands: fake.requests.join() }
    })
    expect(commands).not.toMatch(/pidof|power/)
    expect(observation).toMatchObject({ uptimeS: null, appPids: null, screen: null, battery: { levelPct: 54 } })
  })

  test.each([
    '',
    'x',
    'com',
    'a.b; reboot',
    'a.b$(id)',
    'a.b\nid',
    "a.'b",
    'a b.c',
    '-p.a',
    'a..b',
    `a.${'b'.repeat(300)}`,
  ])('of the app %j never reaches a shell', async (app) => {
    await onPhone(sh({}), async (session, fake) => {
      const refused = { code: 'DALA_USAGE' }
      await expect(session.observe({ app, screen: false }, call())).rejects.toMatchObject(refused)
      await expect(session.startApp(app, call())).rejects.toMatchObject(refused)
      await expect(session.isInstalled(app, call())).rejects.toMatchObject(refused)
      expect(fake.requests).toEqual([])
    })
  })

  const part = (text: string): string => `@@dala:pids@@\n${text}@@dala:uptime@@\n`
  test.each([
    ['not running', part(''), []],
    ['one', part('12\n'), [12]],
    ['pidof missing', part('sh: pidof: not found\n'), null],
    ['cut off', '@@dala:pids@@\n12', null],
    ['not asked', '@@dala:uptime@@\n', null],
  ])('says of the process: %s', (_what, text, pids) => {
    expect(parseObservation(text).appPids).toEqual(pids)
  })

  it('does not take the torn last line of a cut answer for a value', () => {
    const cut = parseObservation('@@dala:uptime@@\n12.5 1\n@@dala:battery@@\n  scale: 100\n  voltage: 4100\n  level: 9')
    expect(cut).toMatchObject({ uptimeS: 12.5, battery: { levelPct: null, voltageMv: 4100 } })
    expect(parseObservation('@@dala:uptime@@\n123').uptimeS).toBeNull()
  })

  it('survives whatever a phone answers', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '@@dala:pids@@',
        '@@dala:uptime@@\n',
        '@@dala:battery@@\n',
        '@@dala:end@@',
        'level: 5\n',
        '1.5 2\n',
      ),
      fc.string({ unit: 'binary' }),
    )
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const { uptimeS } = parseObservation(pieces.join(''))
        expect(uptimeS === null || Number.isFinite(uptimeS)).toBe(true)
        expect(parseInfo('x', pieces.join('')).id).toBe('x')
      }),
    )
    expect(parseObservation(`@@dala:battery@@${'level: '.repeat(1_500_000)}`).battery).toBeNull()
  })
})
