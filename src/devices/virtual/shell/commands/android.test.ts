import { describe, expect, it } from 'vitest'
import { bootPhone } from '../../../../../test/fakes/virtual-phone.js'

describe('getprop and setprop', () => {
  it('lists properties as Android does', async () => {
    const { out } = await bootPhone()
    const lines = (await out('getprop')).split('\n')
    expect(lines).toContain('[ro.product.model]: [moto g(30)]')
    const keys = lines.map((line) => line.split(']')[0])
    expect(keys).toEqual(keys.toSorted())
    expect(await out('getprop no.such.key')).toBe('')
    expect(await out('getprop no.such.key fallback')).toBe('fallback')
  })

  it('sets debug properties and leaves read-only ones alone', async () => {
    const { out, sh } = await bootPhone()
    expect(await out('setprop debug.dala 1; getprop debug.dala')).toBe('1')
    expect(await sh('setprop ro.product.model x')).toMatchObject({
      exitCode: 1,
      stderr: "Failed to set property 'ro.product.model' to 'x'.\nSee dmesg for error reason.\n",
    })
  })
})

describe('dumpsys and cmd', () => {
  it('says which service it can not find', async () => {
    const { sh, out } = await bootPhone()
    expect(await sh('dumpsys nothing')).toEqual({ stdout: '', stderr: "Can't find service: nothing\n", exitCode: 0 })
    expect(await sh('cmd nothing x')).toMatchObject({ stderr: "cmd: Can't find service: nothing\n", exitCode: 20 })
    expect(await out('dumpsys -l')).toMatch(/^Currently running services:\n(.*\n)* {2}battery\n/)
  })

  it('shares one battery between dumpsys and cmd', async () => {
    const { out } = await bootPhone()
    expect(await out('cmd battery get level')).toBe('94')
    await out('cmd battery set level 7')
    expect(await out('dumpsys battery')).toContain('  level: 7\n')
    expect(await out('dumpsys battery get level')).toBe('7')
    await out('dumpsys battery reset')
    expect(await out('cmd battery get level')).toBe('94')
    expect(await out('dumpsys battery unplug -f')).toMatch(/^\d+$/)
    expect(await out('cmd battery get usb; cmd battery get present')).toBe('false\ntrue')
  })

  it('answers wrong battery commands as Android does', async () => {
    const { sh } = await bootPhone()
    expect(await sh('cmd battery set')).toMatchObject({ stdout: 'No property specified\n', exitCode: 255 })
    expect(await sh('cmd battery set level')).toMatchObject({ stdout: 'No value specified\n', exitCode: 255 })
    expect(await sh('cmd battery set level x')).toMatchObject({ stdout: 'Bad value: x\n', exitCode: 255 })
    expect(await sh('cmd battery set colour 1')).toMatchObject({ stdout: 'Unknown set option: colour\n', exitCode: 0 })
    expect(await sh('cmd battery get colour')).toMatchObject({ stdout: 'Unknown get option: colour\n', exitCode: 0 })
    expect((await sh('dumpsys battery -h')).stdout).toMatch(/^Battery service \(battery\) commands:/)
    expect((await sh('dumpsys battery')).stdout).not.toContain('UPDATES STOPPED')
  })

  it('asks the health service for an update with get -f', async () => {
    const { out, passS } = await bootPhone({ profile: 'pixel-8pro' })
    await out('dumpsys deviceidle force-idle')
    await passS(500)
    const stale = await out('cmd battery get counter')
    expect(await out('cmd battery get -f counter')).not.toBe(stale)
  })

  it('tells the screen and its changes', async () => {
    const { out } = await bootPhone()
    const states = 'dumpsys power | grep -o "mWakefulness=[A-Z][a-z]*"; dumpsys display | grep -o mScreenState=[A-Z]*'
    expect(await out(states)).toBe('mWakefulness=Asleep\nmScreenState=OFF')
    await out('input keyevent 224')
    await out('input keyevent KEYCODE_WAKEUP 3 KEYCODE_HOME')
    expect(await out(states)).toBe('mWakefulness=Awake\nmScreenState=ON')
    await out('input keyevent 26')
    expect(await out(states)).toBe('mWakefulness=Asleep\nmScreenState=OFF')
    await out('input keyevent KEYCODE_POWER; input keyevent 223; input keyevent KEYCODE_SLEEP')
    expect(await out(states)).toBe('mWakefulness=Asleep\nmScreenState=OFF')
    await out('settings put secure doze_always_on 1')
    expect(await out(states)).toBe('mWakefulness=Dozing\nmScreenState=DOZE')
  })

  it.each([
    [8, 'mLowPowerModeEnabled'],
    [14, 'mSettingBatterySaverEnabled'],
  ])('tells power saving on Android %i by %s', async (androidVersion, line) => {
    const { out } = await bootPhone({ androidVersion })
    expect(await out('dumpsys power')).toContain(`${line}=false`)
    await out('settings put global low_power 1')
    expect(await out('dumpsys power')).toContain(`${line}=true`)
  })

  it('forces Doze, but not while the phone thinks it is plugged in', async () => {
    const { out } = await bootPhone()
    await out('dumpsys battery set usb 1')
    expect(await out('dumpsys deviceidle force-idle')).toBe('Unable to go deep idle; stopped at ACTIVE')
    await out('dumpsys battery unplug')
    expect(await out('dumpsys deviceidle force-idle light; dumpsys deviceidle get light')).toMatch(/mode\nIDLE$/)
    expect(await out('cmd deviceidle force-idle deep')).toBe('Now forced in to deep idle mode')
    expect(await out('dumpsys deviceidle get deep')).toBe('IDLE')
    expect(await out('dumpsys deviceidle unforce')).toBe('Light state: ACTIVE, deep state: ACTIVE')
  })
})

describe('packages and activities', () => {
  it('lists packages by filter and kind', async () => {
    const { out, sh } = await bootPhone()
    expect(await out('pm list packages -3')).toBe('package:dev.dala.runtime')
    expect(await out('cmd package list packages dala')).toBe('package:dev.dala.runtime')
    expect(await out('pm list packages')).toContain('package:com.android.settings\n')
    expect(await out('pm path dev.dala.runtime')).toMatch(/^package:\/data\/app\/.*\/base\.apk$/)
    expect((await out('pm list packages -f')).split('\n')).toEqual(
      expect.arrayContaining([
        'package:/system/framework/framework-res.apk=android',
        'package:/system/app/settings/settings.apk=com.android.settings',
        expect.stringMatching(/^package:\/data\/app\/\S+\/base\.apk=dev\.dala\.runtime$/),
      ]),
    )
    expect(await sh('pm path com.example.none')).toEqual({ stdout: '', stderr: '', exitCode: 1 })
    expect((await sh('pm explode')).exitCode).toBe(255)
  })

  it('describes a package', async () => {
    const { out } = await bootPhone()
    expect(await out('dumpsys package dev.dala.runtime')).toMatch(/versionCode=1 [^]*versionName=0\.1\.0/)
    expect(await out('dumpsys package com.none')).toBe('Unable to find package: com.none')
  })

  it('starts an app and stops it', async () => {
    const { out, sh } = await bootPhone()
    expect(await sh('pidof dev.dala.runtime')).toEqual({ stdout: '', stderr: '', exitCode: 1 })
    expect(await out('am start -n dev.dala.runtime/.MainActivity')).toBe(
      'Starting: Intent { cmp=dev.dala.runtime/.MainActivity }',
    )
    const pid = await out('pidof dev.dala.runtime')
    expect(pid).toMatch(/^\d+$/)
    expect(await out('ps -A -o PID,NAME | grep dala')).toMatch(new RegExp(`^ *${pid} dev\\.dala\\.runtime$`))
    const again = await sh('am start -n dev.dala.runtime/dev.dala.runtime.MainActivity')
    expect(again).toMatchObject({
      exitCode: 0,
      stderr: 'Warning: Activity not started, intent has been delivered to currently running top-most instance.\n',
    })
    await out('input keyevent HOME')
    expect((await sh('am start dev.dala.runtime')).stderr).toContain('its current task has been brought to the front')
    expect(await out('pidof dev.dala.runtime')).toBe(pid)
    await out('am force-stop dev.dala.runtime')
    expect((await sh('pidof dev.dala.runtime')).exitCode).toBe(1)
    await out('am start -a android.intent.action.MAIN -c android.intent.category.LAUNCHER -p dev.dala.runtime')
    expect(await out('pidof dev.dala.runtime')).not.toBe(pid)
  })

  it('starts a package by name, and by monkey', async () => {
    const { out, sh } = await bootPhone()
    expect(await out('am start dev.dala.runtime')).toBe(
      'Starting: Intent { act=android.intent.action.MAIN cat=[android.intent.category.LAUNCHER] pkg=dev.dala.runtime }',
    )
    await out('am force-stop dev.dala.runtime')
    expect(await out('monkey -p dev.dala.runtime 1')).toContain('Events injected: 1')
    expect((await sh('pidof dev.dala.runtime')).exitCode).toBe(0)
    expect(await sh('monkey -p com.none 1')).toMatchObject({
      stderr: '** No activities found to run, monkey aborted.\n',
      exitCode: 252,
    })
  })

  it('says what it can not start, in Android’s words', async () => {
    const { sh } = await bootPhone()
    expect(await sh('am start -n com.none/.Main')).toEqual({
      stdout: 'Starting: Intent { cmp=com.none/.Main }\n',
      stderr: 'Error type 3\nError: Activity class {com.none/com.none.Main} does not exist.\n',
      exitCode: 1,
    })
    expect((await sh('am start com.none')).stderr).toBe(
      'Error: Activity not started, unable to resolve Intent { act=android.intent.action.MAIN cat=[android.intent.category.LAUNCHER] flg=0x10000000 pkg=com.none }\n',
    )
    const old = await bootPhone({ androidVersion: 9 })
    expect((await old.sh('am start com.none')).exitCode).toBe(0)
  })
})

describe('settings, svc and processes', () => {
  it('keeps settings by namespace', async () => {
    const { out, sh } = await bootPhone()
    expect(await out('settings get system screen_brightness')).toBe('102')
    expect(await out('settings get global screen_brightness')).toBe('null')
    await out('settings put system screen_brightness 7')
    expect(await out('settings get system screen_brightness')).toBe('7')
    expect(await out('settings delete system screen_brightness')).toBe('Deleted 1 rows')
    expect(await out('settings delete system screen_brightness')).toBe('Deleted 0 rows')
    expect(await out('cmd settings list global')).toContain('low_power=0\n')
    expect((await sh('settings get nowhere x')).exitCode).toBe(255)
    expect((await sh('settings put system x')).exitCode).toBe(255)
  })

  it('writes the settings behind svc', async () => {
    const { out, sh } = await bootPhone()
    expect(await out('svc power stayon true; settings get global stay_on_while_plugged_in')).toBe('15')
    expect(await out('svc power stayon usb; settings get global stay_on_while_plugged_in')).toBe('2')
    expect(await out('svc wifi disable; settings get global wifi_on')).toBe('0')
    expect((await sh('svc nothing')).exitCode).toBe(1)
  })

  it('lists processes and protects those of others', async () => {
    const { out, sh } = await bootPhone()
    expect((await out('ps -A')).split('\n')[0]).toMatch(/^USER +PID +PPID +VSZ +RSS WCHAN +ADDR S NAME$/)
    const [header, init] = (await out('ps -ef')).split('\n')
    expect(header).toMatch(/^UID +PID +PPID C STIME TTY +TIME CMD$/)
    expect(init).toMatch(/^root +1 +0 0 \d\d:\d\d \? +00:00:00 init$/)
    expect(await out('ps | wc -l')).toBe('2')
    expect(await out('ps -p 1 -o NAME=')).toBe('init')
    expect(await sh('kill -9 1204')).toMatchObject({
      stderr: '/system/bin/sh: kill: 1204: Operation not permitted\n',
      exitCode: 1,
    })
    expect((await sh('kill 31999')).stderr).toBe('/system/bin/sh: kill: 31999: No such process\n')
  })
})
