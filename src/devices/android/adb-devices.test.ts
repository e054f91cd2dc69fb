import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { parseAdbDevices } from './adb-devices.js'
import { deviceStateOf } from './device-state.js'

const corpus = join(import.meta.dirname, '../../../test/fixtures/adb-devices')

interface Entry {
  readonly file: string
  readonly id: string
  readonly expected: { readonly devices: readonly unknown[] }
}

const entries = JSON.parse(readFileSync(join(corpus, 'index.json'), 'utf8')) as Entry[]

describe('the corpus of adb devices', () => {
  test.each(entries)('$file ($id) reads as its index says', ({ file, expected }) => {
    expect(parseAdbDevices(readFileSync(join(corpus, file), 'utf8'))).toEqual(expected.devices)
  })

  test.each(entries)('$file ($id) reads the same with CRLF and without a final newline', ({ file, expected }) => {
    const text = readFileSync(join(corpus, file), 'utf8')
    expect(parseAdbDevices(text.replaceAll('\n', '\r\n'))).toEqual(expected.devices)
    expect(parseAdbDevices(text.trimEnd())).toEqual(expected.devices)
  })
})

/** serial, state and kind of each line. */
function brief(text: string): string[] {
  return parseAdbDevices(text).map(({ serial, state, kind }) => `${serial}|${state}|${kind}`)
}

describe('one line', () => {
  test.each([
    ['adb-A1-b (2)._adb-tls-connect._tcp\tdevice', 'adb-A1-b (2)._adb-tls-connect._tcp|device|mdns'],
    ['adb-A1-b (12)._adb-tls-connect._tcp. offline', 'adb-A1-b (12)._adb-tls-connect._tcp.|offline|mdns'],
    ['My Living Room TV._adb._tcp device product:x', 'My Living Room TV._adb._tcp|device|mdns'],
    ['adb-X (2) device product:onyx', 'adb-X (2)|device|usb'],
    ['(no serial number)\tdevice', '(no serial number)|device|usb'],
    ['(no serial number)     no permissions; see [http://x]', '(no serial number)|no permissions; see [http://x]|usb'],
    ['????????????    no permissions', '????????????|no permissions|usb'],
    ['????????????\toffline', '????????????|offline|usb'],
    ['Some Tablet 01\tdevice', 'Some Tablet 01|device|usb'],
    ['Some Tablet 01        device usb:1-1', 'Some Tablet 01|device|usb'],
    ['ZZ12 device  product:x', 'ZZ12|device|usb'],
    ['ZZ12 device\tproduct:x\tmodel:y', 'ZZ12|device|usb'],
    ['ZZ12   waiting for device  usb:1-1', 'ZZ12|waiting for device|usb'],
    ['ZZ12 waiting for device', 'ZZ12|waiting for device|usb'],
    ['10.0.0.7:5555 device', '10.0.0.7:5555|device|tcp'],
    ['[fe80::1%wlan0]:5555 device', '[fe80::1%wlan0]:5555|device|tcp'],
    ['phone.local:37001 offline', 'phone.local:37001|offline|tcp'],
    ['ABC:123 device usb:1-4', 'ABC:123|device|usb'],
    [
      'R58\tno permissions (a: b), see http://developer.android.com',
      'R58|no permissions (a: b), see http://developer.android.com|usb',
    ],
    [
      'R58\tno permissions (rules [http://d.a.com/x usb:3-1 transport_id:2',
      'R58|no permissions (rules [http://d.a.com/x|usb',
    ],
  ])('%j', (line, expected) => {
    expect(brief(line)).toEqual([expected])
  })

  it('keeps a property of any name and drops an empty one', () => {
    expect(parseAdbDevices('R58 device usb:1-1 product: banner:x:y __proto__:p torn')[0]?.props).toEqual(
      Object.fromEntries([
        ['usb', '1-1'],
        ['banner', 'x:y'],
        ['__proto__', 'p'],
      ]),
    )
  })

  test.each([
    '* daemon not running; starting now at tcp:5037',
    '* failed to start daemon *',
    "adb server version (32) doesn't match this client (41); killing...",
    'adb server is out of date.  killing...',
    'error: no devices/emulators found',
    'error: cannot connect to daemon at tcp:5037: Connection refused',
    "ADB server didn't ACK",
    'Full server startup log: /var/tmp/adb.1000.log',
    'Server had pid: 4711',
    '--- adb starting (pid 4711) ---',
    'adb I 06-01 12:00:00  1  1 adb_trace.cpp:1] hello',
    'user@host:~$ adb devices -l',
    'C:\\Users\\me>adb.exe devices',
    'List of devi',
    'R58M',
    '',
    '   ',
  ])('%j is not a device', (line) => {
    expect(parseAdbDevices(`${line}\nR58\tdevice\n`)).toHaveLength(1)
  })
})

describe('hostile input', () => {
  it('never throws and never calls anything but `device` usable', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        for (const { usable, state } of parseAdbDevices(text)) expect(usable).toBe(state === 'device')
      }),
    )
  })

  it('reads every prefix of a list without inventing a phone', () => {
    const text = readFileSync(join(corpus, 'devices-05.txt'), 'utf8')
    const serials = new Set(parseAdbDevices(text).map(({ serial }) => serial))
    for (let end = 0; end < text.length; end += 1) {
      for (const { serial } of parseAdbDevices(text.slice(0, end))) expect(serials).toContain(serial)
    }
  })

  test.each([
    ['one line', 'x '.repeat(5_000_000), 0],
    ['spaces', ' '.repeat(10_000_000), 0],
    ['brackets', `R58 ${'('.repeat(10_000_000)}`, 1],
    ['NUL bytes', '\0'.repeat(10_000_000), 0],
    ['mDNS beginnings', 'a ._adb'.repeat(1_500_000), 1],
    ['many phones', 'R58M\tdevice usb:1-1\n'.repeat(500_000), 500_000],
  ])('10 MB of %s', (_what, text, least) => {
    expect(parseAdbDevices(text).length).toBeGreaterThanOrEqual(least)
  })
})

describe('what a state means', () => {
  const states = entries.flatMap(({ expected }) => expected.devices as { readonly state: string }[])

  it('gives every state of the corpus but `device` a cause and a fix of its own', () => {
    for (const { state } of states) {
      const { detail, cause, fix } = deviceStateOf(state)
      const wanted = state === 'device' ? ['object', 'object'] : ['string', 'string']
      expect([detail, typeof cause, typeof fix]).toEqual([state, ...wanted])
    }
  })

  test.each([
    ['device', 'ready'],
    ['no permissions (missing udev rules?); see [http://x]', 'no_permissions'],
    ['unauthorized', 'unauthorized'],
    ['teleporting', 'unknown'],
    ['constructor', 'unknown'],
  ])('%s is %s', (state, name) => {
    expect(deviceStateOf(state).name).toBe(name)
  })
})
