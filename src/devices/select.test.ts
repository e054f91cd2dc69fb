import * as fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { DalaError } from '../core/errors.js'
import { deviceStateOf } from './android/device-state.js'
import { selectDevice, wantedDevice, type Candidate, type Wanted } from './select.js'
import type { Link } from './types.js'

function phone(
  id: string,
  model: string,
  more: { state?: string; links?: [Link['transport'], string][] } = {},
): Candidate {
  const [first = { transport: 'usb', via: 'adb-server', address: id }, ...rest] = (more.links ?? []).map(
    ([transport, address]): Link => ({ transport, address, via: 'adb-server' }),
  )
  const state = deviceStateOf(more.state ?? 'device')
  return { device: { id, platform: 'android', links: [first, ...rest], state, hints: { model } }, info: null }
}

const pixel = phone('R58M', 'Pixel_9')
const pro = phone('192.168.1.20:5555', 'Pixel_9_Pro', { links: [['tcp', '192.168.1.20:5555']] })
const moto = phone('moto-g', 'moto_g', {
  links: [
    ['virtual', '127.0.0.1:4000'],
    ['tcp', '127.0.0.1:4000'],
  ],
})
const locked = phone('HT7A', 'Nexus_6', { state: 'unauthorized' })
const spaced = phone('adb-A1-b (2)._adb-tls-connect._tcp', 'Tab', {
  links: [['wifi', 'adb-A1-b (2)._adb-tls-connect._tcp']],
})
const all = [pixel, pro, moto, locked, spaced]

const flag = (value: string): Wanted => ({ value, origin: '--device' })

function failure(candidates: readonly Candidate[], wanted: Wanted | null, notes?: readonly string[]): DalaError {
  try {
    selectDevice(candidates, wanted, notes)
  } catch (error) {
    if (error instanceof DalaError) return error
    throw error
  }
  throw new Error('a device was chosen')
}

describe('a device that is asked for', () => {
  test.each([
    ['R58M', pixel],
    ['r58m', pixel],
    ['R58', pixel],
    ['Pixel 9', pixel],
    ['pixel_9', pixel],
    ['pixel 9 p', pro],
    ['192.168.1.20', pro],
    ['192.168.1.20:5555', pro],
    ['127.0.0.1:4000', moto],
    ['127.0.0.1', moto],
    ['mot', moto],
    ['adb-A1-b (2)._adb-tls-connect._tcp', spaced],
  ])('as %j is found', (value, expected) => {
    expect(selectDevice(all, flag(value))).toEqual({ chosen: expected, reason: 'given by --device' })
  })

  it('by its own serial is found over the network', () => {
    const info = { serial: 'ZY22', model: 'moto g', manufacturer: 'motorola', product: null }
    const known = { ...pro, info: info as Candidate['info'] }
    expect(selectDevice([pixel, known], flag('zy22')).chosen).toBe(known)
    expect(selectDevice([pixel, known], flag('motorola moto')).chosen).toBe(known)
  })

  it('by a beginning that fits several is an error that lists them', () => {
    const { code, message, fix, exitCode } = failure(all, flag('pix'))
    expect([code, exitCode]).toEqual(['DALA_SEVERAL_DEVICES', 3])
    expect(message).toContain('R58M (Pixel 9, usb); 192.168.1.20:5555 (Pixel 9 Pro, tcp)')
    expect(fix).toEqual(['Add --device R58M', 'Add --device 192.168.1.20:5555'])
  })

  it('that is not there is an error with what is near', () => {
    const { code, message, fix } = failure(all, { value: 'moto-h', origin: 'DALA_DEVICE' })
    expect(code).toBe('DALA_DEVICE_NOT_FOUND')
    expect(message).toContain('“moto-h”, given by DALA_DEVICE')
    expect(fix[0]).toContain('--device moto-g')
  })

  it('that can’t be used is an error with cause and fix', () => {
    const { code, message, fix } = failure(all, { value: 'HT7A', origin: 'ANDROID_SERIAL' })
    expect([code, message]).toEqual(['DALA_DEVICE_UNUSABLE', expect.stringContaining('given by ANDROID_SERIAL')])
    expect(fix[0]).toContain('Allow USB debugging')
  })

  it('by nothing is an error', () => {
    expect(failure(all, flag('  ')).code).toBe('DALA_USAGE')
  })

  it('is only sought and never throws anything else', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const { code } = failure([locked], flag(value))
        expect(['DALA_DEVICE_NOT_FOUND', 'DALA_DEVICE_UNUSABLE', 'DALA_USAGE']).toContain(code)
      }),
    )
  })
})

describe('without a wish', () => {
  it('the only usable device is taken, and named why', () => {
    expect(selectDevice([locked, pixel], null)).toEqual({ chosen: pixel, reason: 'the only usable device' })
  })

  it('several are an error that lists them with link, model and the flag to add', () => {
    const { code, message, fix } = failure([pixel, moto, spaced, locked], null)
    expect(code).toBe('DALA_SEVERAL_DEVICES')
    expect(message).toMatchInlineSnapshot(
      `"Cannot choose a device as several are usable: R58M (Pixel 9, usb); moto-g (moto g, virtual, tcp); adb-A1-b (2)._adb-tls-connect._tcp (Tab, wifi)"`,
    )
    expect(fix).toEqual([
      'Add --device R58M',
      'Add --device moto-g',
      "Add --device 'adb-A1-b (2)._adb-tls-connect._tcp'",
    ])
  })

  it('none is an error with the sources’ reasons', () => {
    const { code, message, fix } = failure([], null, ['No adb server runs at 127.0.0.1:5037'])
    expect(code).toBe('DALA_NO_DEVICE')
    expect(message).toBe('Cannot choose a device as none was found (No adb server runs at 127.0.0.1:5037)')
    expect(fix).toHaveLength(2)
  })

  it('one that can’t be used is an error with its state’s fix', () => {
    expect(failure([locked], null).code).toBe('DALA_DEVICE_UNUSABLE')
  })

  it('several of which none can be used are an error with each one’s fix', () => {
    const { code, fix } = failure([locked, phone('X', 'Y', { state: 'recovery' })], null)
    expect([code, fix.length]).toEqual(['DALA_NO_DEVICE', 3])
  })
})

test.each([
  ['flag', 'A', { DALA_DEVICE: 'B', ANDROID_SERIAL: 'C' }, { value: 'A', origin: '--device' }],
  ['DALA_DEVICE', undefined, { DALA_DEVICE: 'B', ANDROID_SERIAL: 'C' }, { value: 'B', origin: 'DALA_DEVICE' }],
  ['ANDROID_SERIAL', undefined, { DALA_DEVICE: ' ', ANDROID_SERIAL: 'C' }, { value: 'C', origin: 'ANDROID_SERIAL' }],
  ['nothing', undefined, { ANDROID_SERIAL: '' }, null],
])('%s decides', (_what, given, env, wanted) => {
  expect(wantedDevice(given, env)).toEqual(wanted)
})
