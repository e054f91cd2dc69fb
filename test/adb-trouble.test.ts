import { join } from 'node:path'
import { mkdir, writeFile } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { fakeAdbServer, withPhones, type FakeAdbServer, type FakeScript } from './fakes/adb-server.js'
import { needs } from './needs.js'
import { Sandbox, startProgram } from './support/cli.js'
import { freePort } from './support/free-port.js'

interface Listed {
  readonly devices: readonly { readonly id: string; readonly state: { readonly name: string; readonly fix: string } }[]
  readonly problems: readonly { readonly code: string }[]
}

let box: Sandbox
beforeEach(async () => {
  box = await Sandbox.create()
})
afterEach(() => box.dispose())

const port = (fake: FakeAdbServer): NodeJS.ProcessEnv => ({ ANDROID_ADB_SERVER_PORT: String(fake.port) })
const hang = (): null => null

describe('dala devices with an adb server in trouble', () => {
  const GARBAGE: FakeScript = (_request, peer) => peer.raw('HTTP/1.1 400 Bad Request\r\n\r\n')
  const DYING: FakeScript = (_request, peer) => {
    peer.raw('OKAY00')
    peer.cut()
  }

  test.each([
    ['one that is none', GARBAGE, 'DALA_ADB_PROTOCOL'],
    ['one that dies in its answer', DYING, 'DALA_ADB_SERVER'],
    ['one that never answers', () => undefined, 'DALA_ADB_SERVER'],
  ] as const)('still lists the virtual phones beside %s, and ends with 4', async (_name, script, code) => {
    await box.run(['virtual', 'start', '--detach'])
    await using fake = await fakeAdbServer(script)
    const answer = await box.json<Listed>(['devices'], port(fake))
    expect(answer.code).toBe(4)
    expect(answer.value.devices.map(({ id, state }) => [id, state.name])).toEqual([['virtual-1', 'ready']])
    expect(answer.value.problems).toMatchObject([{ code }])
    const plain = await box.run(['devices'], port(fake))
    expect(plain.stderr).toMatch(/try: /)
    expect(plain.stderr).not.toMatch(/^\s+at /m)
  })

  test.each([26, 31, 40, 99])('talks to a server of version %d', async (version) => {
    await using fake = await fakeAdbServer(withPhones([{ serial: 'R58', state: 'unauthorized' }], version))
    const { code, value } = await box.json<Listed>(['devices'], port(fake))
    expect({ code, names: value.devices.map(({ state }) => state.name) }).toEqual({ code: 0, names: ['unauthorized'] })
    expect(value.devices[0]?.state.fix).toMatch(/\w/)
    expect(fake.requests).not.toContain('host:kill')
  })

  test('shows a phone that never answers as such, beside one that does', async () => {
    await box.run(['virtual', 'start', '--detach'])
    await using fake = await fakeAdbServer(withPhones([{ serial: 'SILENT', shell: hang }]))
    const { code, value } = await box.json<Listed>(['devices'], port(fake))
    expect(code).toBe(0)
    expect(value.devices.map(({ id, state }) => [id, state.name])).toEqual([
      ['virtual-1', 'ready'],
      ['SILENT', 'timeout'],
    ])
  })
})

describe('dala devices', () => {
  test('lists the phones of the adb server where those of virtual phones can’t be read, and ends with 1', async () => {
    await mkdir(join(box.dir, 'data', 'dala'), { recursive: true })
    await writeFile(join(box.dir, 'data', 'dala', 'virtual'), 'no folder')
    await using fake = await fakeAdbServer(withPhones([{ serial: 'R58', state: 'offline' }]))
    const { code, value } = await box.json<Listed>(['devices'], port(fake))
    expect({ code, ids: value.devices.map(({ id }) => id) }).toEqual({ code: 1, ids: ['R58'] })
    expect(value.problems).toMatchObject([{ code: 'DALA_DISK' }])
  })

  test('asks twelve phones at once without a warning of Node', async () => {
    const phones = Array.from({ length: 12 }, (_, index) => ({ serial: `R${index}`, shell: hang }))
    await using fake = await fakeAdbServer(withPhones(phones))
    const { code, stdout, stderr } = await box.run(['devices'], port(fake))
    expect({ code, rows: stdout.trim().split('\n').length }).toEqual({ code: 0, rows: 12 })
    expect(stderr).not.toMatch(/Warning/)
  })
})

describe('dala bench battery with an adb server in trouble', () => {
  test('ends with 4 when the phone never answers, and leaves no run', async () => {
    await using fake = await fakeAdbServer(withPhones([{ serial: 'SILENT', shell: hang }]))
    const { code, value } = await box.json<{ error: { code: string } }>(['bench', 'battery'], port(fake))
    expect({ code, error: value.error.code }).toEqual({ code: 4, error: 'DALA_DEVICE_LOST' })
  })
})

const adb = needs('adb')

describe.skipIf(!adb.met)(`dala bench battery through the real adb server${adb.reason}`, () => {
  test('goes on when the server is killed in the middle of the run', async () => {
    // The phone is started from another home, so that only the adb server knows of it.
    const owner = await Sandbox.create()
    const env = { ...box.env, ANDROID_ADB_SERVER_PORT: String(await freePort()) }
    const realAdb = (...args: string[]): Promise<unknown> => startProgram(['adb', ...args], { cwd: box.dir, env }).done
    try {
      const start = ['virtual', 'start', '--time-scale', '120', '--detach']
      const { value } = await owner.json<{ devices: readonly { address: string }[] }>(start)
      const address = value.devices[0]?.address ?? 'none'
      await mkdir(join(box.dir, '.android'), { recursive: true })
      await realAdb('connect', address)
      await realAdb('-s', address, 'wait-for-device')
      const running = box.start(['bench', 'battery', '--duration', '10m', '--json'], env)
      await running.until(/^(?:0[2-9]|1\d):\d\d /m)
      await realAdb('kill-server')
      const { code, stdout } = await running.done
      const result = JSON.parse(stdout) as { status: string; dir: string }
      expect({ code, status: result.status }).toEqual({ code: 0, status: 'complete' })
    } finally {
      await realAdb('kill-server')
      await owner.dispose()
    }
  })
})
