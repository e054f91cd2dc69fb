import { describe, expect, it, test } from 'vitest'
import { fakeAdbServer, withPhones, type FakePhone, type FakeScript } from '../../test/fakes/adb-server.js'
import { call } from '../../test/fakes/phone-session.js'
import { realClock } from '../core/clock.js'
import { DalaError } from '../core/errors.js'
import { dialTcp } from '../core/stream.js'
import { AdbError, type AdbErrorCode } from './android/adb-error.js'
import { adbServerSource } from './android/adb-server-source.js'
import { createAdbServer } from './android/adb-server.js'
import { deviceStateOf } from './android/device-state.js'
import { AndroidSession } from './android/session.js'
import { DeviceHub, type DescribedDevice } from './hub.js'
import { mergeDevices } from './merge.js'
import type { DeviceSource, FoundDevice, Link } from './types.js'

const NEVER = new Promise<never>(() => undefined)

function found(id: string, links: readonly (readonly [Link['transport'], string])[], state = 'device'): FoundDevice {
  const all = links.map(([transport, address]) => {
    return { transport, address, via: transport === 'virtual' ? 'adbd' : 'adb-server' } as const
  }) as [Link, ...Link[]]
  return { id, platform: 'android', links: all, state: deviceStateOf(state), hints: {} }
}

const sourceOf = (name: string, list: DeviceSource['list']): DeviceSource => ({
  name,
  whenLate: { code: 'DALA_DISK', who: `the ${name} one`, fix: 'wake it' },
  list,
})

async function withHub<T>(
  script: FakeScript,
  use: (hub: DeviceHub) => Promise<T>,
  more: DeviceSource[] = [],
): Promise<T> {
  await using fake = await fakeAdbServer(script)
  const server = createAdbServer({ kind: 'tcp', host: '127.0.0.1', port: fake.port }, dialTcp)
  const hub = new DeviceHub({
    sources: [adbServerSource(server), ...more],
    openSession: (device) =>
      new AndroidSession({
        device,
        clock: realClock,
        openTransport: ({ address }, bounds) => server.transport(address, bounds),
      }),
  })
  return await use(hub)
}

describe('the list of phones', () => {
  it('has those of all sources, and a problem for each that failed', async () => {
    const sources = [
      sourceOf('hung', () => NEVER),
      sourceOf('broken', () => Promise.reject(new DalaError('DALA_ADB_PROTOCOL', 'Cannot', { fix: ['mend it'] }))),
      sourceOf('virtual', () => Promise.resolve([found('moto', [['virtual', '127.0.0.1:4000']])])),
    ]
    const listing = await withHub(
      withPhones([{ serial: 'R58' }, { serial: 'R59', state: 'offline' }]),
      (hub) => hub.list(call(1000)),
      sources,
    )
    expect(listing.devices.map(({ id, state }) => [id, state.name])).toEqual([
      ['R58', 'ready'],
      ['R59', 'offline'],
      ['moto', 'ready'],
    ])
    expect(listing.problems).toMatchObject([
      {
        source: 'hung',
        absent: false,
        code: 'DALA_DISK',
        message: 'Cannot list the phones of the hung one as it gave no answer within 1000 ms',
        fix: ['wake it'],
      },
      { source: 'broken', absent: false, code: 'DALA_ADB_PROTOCOL', fix: ['mend it'] },
    ])
  })

  it('is empty with a reason where no adb server runs', async () => {
    const fake = await fakeAdbServer(() => undefined)
    await fake[Symbol.asyncDispose]()
    const server = createAdbServer({ kind: 'tcp', host: '127.0.0.1', port: fake.port }, dialTcp)
    const hub = new DeviceHub({
      sources: [adbServerSource(server)],
      openSession: () => {
        throw new Error('not asked for')
      },
    })
    expect(await hub.list(call())).toEqual({
      devices: [],
      problems: [
        {
          source: 'adb',
          absent: true,
          code: null,
          message: `No adb server runs at 127.0.0.1:${fake.port}`,
          fix: [expect.stringContaining('adb start-server')],
        },
      ],
    })
  })

  test.each<[string, FakeScript, string]>([
    ['not an adb server', (_, peer) => peer.raw('HTTP/1.1 400\r\n'), 'DALA_ADB_PROTOCOL'],
    ['a server that hangs up', (_, peer) => peer.cut(), 'DALA_ADB_SERVER'],
  ])('says of %s what it is', async (_what, script, code) => {
    expect((await withHub(script, (hub) => hub.list(call()))).problems).toMatchObject([{ absent: false, code }])
  })

  it('stops when the caller does, with its reason', async () => {
    const control = new AbortController()
    const reason = new Error('Ctrl-C')
    const script: FakeScript = () => control.abort(reason)
    const listing = withHub(script, (hub) => hub.list({ signal: control.signal, timeoutMs: 10_000 }))
    await expect(listing).rejects.toBe(reason)
  })

  it('does not hide a bug', async () => {
    const bug = new TypeError('a bug')
    const listing = withHub(withPhones([]), (hub) => hub.list(call()), [sourceOf('x', () => Promise.reject(bug))])
    await expect(listing).rejects.toBe(bug)
  })

  it('marks a ready phone without a serial as one that can’t be addressed', async () => {
    const listing = await withHub(withPhones([{ serial: '(no serial number)' }]), (hub) => hub.list(call()))
    expect(listing.devices[0]?.state).toMatchObject({ name: 'unknown', detail: 'device' })
  })
})

describe('the same phone found twice', () => {
  const brief = (devices: readonly FoundDevice[]): string[] =>
    mergeDevices(devices).map(({ id, state, links }) =>
      [id, state.name, ...links.map(({ transport }) => transport)].join(' '),
    )

  test.each<[string, FoundDevice[], string[]]>([
    [
      'by its registry and by the adb server is one, direct link first',
      [found('127.0.0.1:4000', [['tcp', '127.0.0.1:4000']]), found('moto', [['virtual', '127.0.0.1:4000']])],
      ['moto ready virtual tcp'],
    ],
    [
      'as localhost too',
      [found('moto', [['virtual', '127.0.0.1:4000']]), found('localhost:4000', [['tcp', 'localhost:4000']])],
      ['moto ready virtual tcp'],
    ],
    [
      'on a cable and by mDNS is one',
      [
        found('adb-R58-aBcDeF (2)._adb-tls-connect._tcp', [['wifi', 'adb-R58-aBcDeF (2)._adb-tls-connect._tcp']]),
        found('R58', [['usb', 'R58']]),
      ],
      ['R58 ready usb wifi'],
    ],
    [
      'but not ready on the better link is used by the other',
      [found('moto', [['virtual', '127.0.0.1:4000']], 'offline'), found('127.0.0.1:4000', [['tcp', '127.0.0.1:4000']])],
      ['127.0.0.1:4000 ready tcp virtual'],
    ],
    [
      'is not any other phone',
      [found('A', [['usb', 'A']]), found('B', [['usb', 'B']])],
      ['A ready usb', 'B ready usb'],
    ],
    [
      'joins what was apart',
      [
        found('A', [['usb', 'A']]),
        found('B', [['tcp', 'B:1']]),
        found('C', [
          ['usb', 'A'],
          ['tcp', 'B:1'],
        ]),
      ],
      ['A ready usb tcp'],
    ],
  ])('%s', (_what, devices, expected) => {
    expect(brief(devices)).toEqual(expected)
  })
})

describe('the description of phones', () => {
  const phone = (serial: string, bootId: string): FakePhone => ({
    serial,
    shell: () => `@@dala:props@@\n[ro.serialno]: [S1]\n@@dala:boot@@\n${bootId}\n@@dala:end@@\n`,
  })
  const BOOT = '0f8fad5b-d9cb-469f-a165-70867728950'

  it('leaves out who does not answer, with cause and fix', async () => {
    const phones: FakePhone[] = [
      phone('A', `${BOOT}1`),
      { serial: 'B', shell: () => null },
      { serial: 'C', state: 'offline' },
    ]
    const described = await withHub(withPhones(phones), async (hub) =>
      hub.describeAll((await hub.list(call())).devices, call(1000)),
    )
    expect(described).toMatchObject([
      { device: { id: 'A', state: { name: 'ready' } }, info: { serial: 'S1' } },
      {
        device: {
          id: 'B',
          state: { name: 'timeout', cause: expect.any(String) as string, fix: expect.any(String) as string },
        },
        info: null,
      },
      { device: { id: 'C', state: { name: 'offline' } }, info: null },
    ])
  })

  it('shows the state that the phone’s refusal means, with what to do', async () => {
    const refusal = (code: AdbErrorCode): Promise<DescribedDevice[]> => {
      const device = found('10.0.0.7:5555', [['virtual', '10.0.0.7:5555']])
      const openTransport = (): never => {
        throw new AdbError(code, 'it says no', null, ['mend the key'])
      }
      const openSession = (): AndroidSession => new AndroidSession({ device, clock: realClock, openTransport })
      return new DeviceHub({ sources: [], openSession }).describeAll([device], call())
    }
    expect((await refusal('unauthorized'))[0]?.device.state).toMatchObject({
      name: 'unauthorized',
      fix: 'mend the key',
      detail: expect.stringContaining('it says no') as string,
    })
    expect((await refusal('closed'))[0]?.device.state).toMatchObject({ name: 'timeout', fix: 'mend the key' })
  })

  it('joins two addresses of one phone in one boot, and no two emulators that share a serial', async () => {
    const phones = [phone('S1', `${BOOT}1`), phone('10.0.0.7:5555', `${BOOT}1`), phone('emulator-5554', `${BOOT}2`)]
    const described = await withHub(withPhones(phones), async (hub) =>
      hub.describeAll((await hub.list(call())).devices, call()),
    )
    expect(described.map(({ device }) => device.links.map(({ via, address }) => `${via} ${address}`))).toEqual([
      ['adb-server S1', 'adb-server 10.0.0.7:5555', 'adbd 10.0.0.7:5555'],
      ['adb-server emulator-5554'],
    ])
  })
})
