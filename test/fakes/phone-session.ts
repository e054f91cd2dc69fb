import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Call } from '../../src/core/deadline.js'
import { dialTcp } from '../../src/core/stream.js'
import { createAdbServer } from '../../src/devices/android/adb-server.js'
import { deviceStateOf } from '../../src/devices/android/device-state.js'
import { AndroidSession, type OpenTransport } from '../../src/devices/android/session.js'
import type { Link } from '../../src/devices/types.js'
import { fakeAdbServer, withPhones, type FakeAdbServer, type FakePhone } from './adb-server.js'

export const call = (timeoutMs = 10_000): Call => ({ signal: new AbortController().signal, timeoutMs })
/** `dumpsys battery` of a phone at 54 %. */
export const battery = readFileSync(join(import.meta.dirname, '../fixtures/dumpsys-battery/sample-40.txt'), 'utf8')

/** Waits for nothing: what a phone says decides how often it is asked. */
const clock = { wallMs: () => 0, monotonicMs: () => 0, sleep: () => Promise.resolve() }

/** A session with one phone, R58, reached by a link through each server. */
export function sessionOn(fakes: readonly FakeAdbServer[]): AndroidSession {
  const links = fakes.map((fake): Link => ({ transport: 'usb', via: 'adb-server', address: `R58@${fake.port}` })) as [
    Link,
    ...Link[],
  ]
  const openTransport: OpenTransport = ({ address }, bounds) =>
    createAdbServer({ kind: 'tcp', host: '127.0.0.1', port: Number(address.split('@')[1]) }, dialTcp).transport(
      'R58',
      bounds,
    )
  const device = { id: 'R58', platform: 'android', links, state: deviceStateOf('device'), hints: {} } as const
  return new AndroidSession({ device, openTransport, clock })
}

export async function onPhone<T>(
  shell: NonNullable<FakePhone['shell']>,
  use: (session: AndroidSession, fake: FakeAdbServer) => Promise<T>,
): Promise<T> {
  await using fake = await fakeAdbServer(withPhones([{ serial: 'R58', shell }]))
  return await use(sessionOn([fake]), fake)
}

/** Runs the echo commands of a line; `answers` says the rest. */
export function sh(answers: Readonly<Record<string, string>>): (line: string) => string {
  return (line) =>
    line
      .split('; ')
      .map((command) => (command.startsWith('echo ') ? `${command.slice(5)}\n` : (answers[command] ?? '')))
      .join('')
}
