import { describe, expect, it, test } from 'vitest'
import { fakeAdbServer, withPhones, type FakePhone } from '../../../test/fakes/adb-server.js'
import { parseScreenState, parseWakefulness } from './observation.js'
import { battery, call, onPhone, sessionOn, sh } from '../../../test/fakes/phone-session.js'

describe('the screen', () => {
  test.each([
    ['Awake', 'on'],
    ['Dreaming', 'on'],
    ['Asleep', 'off'],
    ['Dozing', 'off'],
    ['Other', null],
  ])('is %s: %s', (word, state) => {
    expect(parseWakefulness(`POWER MANAGER\n  mWakefulness=${word}\n`)).toBe(state)
  })

  test.each([
    ['ON', 'on'],
    ['OFF', 'off'],
    ['DOZE_SUSPEND', 'off'],
    ['UNKNOWN', null],
  ])('by the display is %s: %s', (word, state) => {
    expect(parseScreenState(`  mScreenState=${word}\n`)).toBe(state)
  })

  it('is asked of the display when the power manager does not say', async () => {
    const shell = sh({ 'dumpsys display | grep mScreenState=': 'mScreenState=OFF\n' })
    expect(await onPhone(shell, (session) => session.screen(call()))).toBe('off')
  })

  it('is set without a toggle and looked at until it has changed', async () => {
    const pressed: string[] = []
    let looks = 0
    const state = await onPhone(
      (command) => {
        if (command.startsWith('input')) pressed.push(command)
        if (!command.startsWith('dumpsys power')) return ''
        looks += 1
        return `mWakefulness=${looks < 3 ? 'Awake' : 'Asleep'}\n`
      },
      (session) => session.setScreen('off', call()),
    )
    expect([state, pressed, looks]).toEqual(['off', ['input keyevent 223'], 3])
  })

  it('that does not obey is reported as it is', async () => {
    expect(
      await onPhone(sh({ 'dumpsys power | grep mWakefulness=': 'mWakefulness=Awake\n' }), (session) =>
        session.setScreen('off', call()),
      ),
    ).toBe('on')
  })

  it('that may not be set is an error with the phone’s words', async () => {
    await onPhone(
      () => ({ stderr: 'java.lang.SecurityException: INJECT_EVENTS', exitCode: 255 }),
      async (session) => {
        await expect(session.setScreen('on', call())).rejects.toThrow(/INJECT_EVENTS/)
      },
    )
  })
})

describe('an app', () => {
  test.each([
    [{ stdout: 'package:/data/app/base.apk\n' }, true],
    [{ exitCode: 1 }, false],
    [{}, false],
  ])('%j is installed: %s', async (output, installed) => {
    expect(
      await onPhone(
        () => output,
        (session) => session.isInstalled('a.b', call()),
      ),
    ).toBe(installed)
  })

  it('can’t be told installed while the package manager is away', async () => {
    await onPhone(
      () => ({ stderr: "cmd: Can't find service: package", exitCode: 20 }),
      async (session) => {
        await expect(session.isInstalled('a.b', call())).rejects.toMatchObject({ code: 'DALA_DEVICE_UNUSABLE' })
      },
    )
  })

  it('starts by the launcher’s intent', async () => {
    await onPhone(
      () =>
        'Starting: Intent { act=android.intent.action.MAIN }\nWarning: Activity not started, its current task has been brought to the front\n',
      async (session, fake) => {
        await session.startApp('a.b', call())
        expect(fake.requests.filter((request) => request.startsWith('shell'))).toHaveLength(1)
      },
    )
  })

  it('starts by its component where the intent finds none', async () => {
    const started: string[] = []
    await onPhone(
      (command) => {
        if (command.includes(' -p ')) return 'Error: Activity not started, unable to resolve Intent\n'
        if (command.includes('resolve-activity')) return 'priority=0\na.b/.Main\n'
        started.push(command)
        return 'Starting: Intent\n'
      },
      (session) => session.startApp('a.b', call()),
    )
    expect(started).toEqual(["am start -n 'a.b/.Main'"])
  })

  test.each([
    { stdout: 'Error: Activity class {a.b/.X} does not exist.\n' },
    { stderr: 'java.lang.SecurityException: Permission Denial\n', exitCode: 0 },
    { stdout: 'Starting\n', exitCode: 1 },
  ])('that does not start (%j) is an error', async (output) => {
    await onPhone(
      () => output,
      async (session) => {
        await expect(session.startApp('a.b', call())).rejects.toMatchObject({ code: 'DALA_APP_START' })
      },
    )
  })
})

describe('what a phone says of itself', () => {
  it('is read in one round trip', async () => {
    const shell = sh({
      getprop:
        '[ro.serialno]: [R58]\n[ro.product.model]: [Pixel 9]\n[x]: [two\nlines]\n[ro.build.version.sdk]: [36]\n[ro.dala.simulated_time_scale]: [60]\n[ro.product.manufacturer]: []\n',
      'cat /proc/uptime': '5.25 1.0\n',
      'cat /proc/sys/kernel/random/boot_id': '0f8fad5b-d9cb-469f-a165-70867728950e\n',
      'uname -r': '6.1.0-android14\n',
      'settings get global low_power': '1\n',
      'dumpsys battery': battery,
    })
    expect(await onPhone(shell, (session) => session.info(call()))).toMatchObject({
      id: 'R58',
      serial: 'R58',
      model: 'Pixel 9',
      manufacturer: null,
      osVersion: null,
      apiLevel: 36,
      kernel: '6.1.0-android14',
      bootId: '0f8fad5b-d9cb-469f-a165-70867728950e',
      uptimeS: 5.25,
      screen: null,
      powerSaver: true,
      simulated: { timeScale: 60 },
      battery: { levelPct: 54 },
    })
  })

  test.each(['0', '0.5', '0.000000001', '3601', '1e3', 'NaN', '-60'])(
    'is nothing simulated at a time scale of %s',
    async (scale) => {
      const shell = sh({ getprop: `[ro.dala.simulated_time_scale]: [${scale}]\n` })
      expect((await onPhone(shell, (session) => session.info(call()))).simulated).toBeNull()
    },
  )

  it('is a phone with a battery, or an error with its words', async () => {
    await onPhone(
      () => "Can't find service: battery\n",
      async (session) => {
        await expect(session.battery(call())).rejects.toThrow(/Can't find service: battery/)
      },
    )
  })
})

describe('a phone that goes away', () => {
  test.each([
    ['is cut off', 10_000, true],
    ['is silent', 50, false],
  ])('that %s is lost, and found again by the next call', async (_what, timeoutMs, cut) => {
    let broken = true
    const shell: FakePhone['shell'] = (_command, peer) => {
      if (broken && cut) peer.cut()
      return broken ? null : battery
    }
    await onPhone(shell, async (session) => {
      await expect(session.battery(call(timeoutMs))).rejects.toMatchObject({ code: 'DALA_DEVICE_LOST' })
      broken = false
      expect((await session.battery(call())).levelPct).toBe(54)
    })
  })

  it('is reached by its next link', async () => {
    await using dead = await fakeAdbServer((_, peer) => peer.cut())
    await using alive = await fakeAdbServer(withPhones([{ serial: 'R58', shell: () => battery }]))
    const session = sessionOn([dead, alive])
    expect((await session.battery(call())).levelPct).toBe(54)
    expect(session.link.address).toBe(`R58@${alive.port}`)
  })

  it('leaves time for the next link when the first one hangs', async () => {
    await using dead = await fakeAdbServer(() => undefined)
    await using alive = await fakeAdbServer(withPhones([{ serial: 'R58', shell: () => battery }]))
    expect((await sessionOn([dead, alive]).battery(call(2000))).levelPct).toBe(54)
  })

  test.each([
    ['unauthorized', 'DALA_DEVICE_UNUSABLE'],
    ['offline', 'DALA_DEVICE_LOST'],
  ])('to be %s is %s', async (state, code) => {
    await using fake = await fakeAdbServer(withPhones([{ serial: 'R58', state }]))
    await expect(sessionOn([fake]).battery(call())).rejects.toMatchObject({ code })
  })

  it('that speaks nonsense is DALA_ADB_PROTOCOL', async () => {
    await using fake = await fakeAdbServer((_, peer) => peer.raw('SSH-2.0-OpenSSH\r\n'))
    await expect(sessionOn([fake]).battery(call())).rejects.toMatchObject({ code: 'DALA_ADB_PROTOCOL' })
  })

  it('whose server is gone is DALA_ADB_SERVER', async () => {
    const fake = await fakeAdbServer(() => undefined)
    await fake[Symbol.asyncDispose]()
    await expect(sessionOn([fake]).battery(call())).rejects.toMatchObject({ code: 'DALA_ADB_SERVER' })
  })

  it('is not asked any more once the session is closed', async () => {
    await onPhone(
      () => battery,
      async (session) => {
        session.close()
        await expect(session.battery(call())).rejects.toMatchObject({ code: 'DALA_DEVICE_LOST' })
      },
    )
  })
})
