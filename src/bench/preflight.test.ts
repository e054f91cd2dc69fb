import { expect, test } from 'vitest'
import { battery, deviceInfo } from '../../test/fakes/fake-session.js'
import { DalaError } from '../core/errors.js'
import { phoneChecks, readyChecks, refuseFailed, type PhoneFacts, type ReadyFacts } from './preflight.js'

const PHONE: PhoneFacts = { info: deviceInfo(), app: 'dev.dala.runtime', appInstalled: true }
const READY: ReadyFacts = { appRefused: null, screenWanted: 'off', screenFound: 'off', screenRefused: null }
const REFUSED = new DalaError('DALA_APP_START', 'Cannot start it as it has no icon', { fix: ['Start it by hand'] })

const withBattery = (differs: object): PhoneFacts => ({
  ...PHONE,
  info: deviceInfo({ battery: { ...battery(), ...differs } }),
})

test('lets a phone on battery pass without a word of advice', () => {
  const checks = [...phoneChecks(PHONE), ...readyChecks(READY)]
  expect(checks.map(({ result }) => result)).toEqual(checks.map(() => 'ok'))
  expect(checks.every(({ fix }) => fix === null)).toBe(true)
  expect(() => refuseFailed(checks)).not.toThrow()
})

test.each([
  ['no battery', { ...PHONE, info: deviceInfo({ battery: null }) }, 'battery'],
  ['a battery that is not there', withBattery({ present: false }), 'battery'],
  ['a battery that says nothing', withBattery({ levelPct: null, chargeCounterUah: null }), 'battery'],
  ['frozen readings', withBattery({ updatesStopped: true }), 'readings'],
  ['a charger', withBattery({ plugged: { ac: false, usb: true, wireless: false, dock: null } }), 'charging'],
  ['a charging status without any flag', withBattery({ status: 'charging' }), 'charging'],
  ['a status of full', withBattery({ status: 'full' }), 'charging'],
  ['100 %', withBattery({ levelPct: 100 }), 'level'],
  ['an empty battery', withBattery({ levelPct: 4 }), 'level'],
  ['an app that is not there', { ...PHONE, appInstalled: false }, 'app'],
])('refuses %s and says how to mend it', (_name, facts, name) => {
  const failed = phoneChecks(facts).filter(({ result }) => result === 'fail')
  expect(failed.map((check) => check.name)).toEqual([name])
  expect(failed[0]?.fix).toMatch(/\w/)
})

test.each([
  ['a screen that stays on', { ...READY, screenFound: 'on' as const }, 'screen'],
  ['a phone that does not let its screen be set', { ...READY, screenRefused: REFUSED }, 'screen'],
  ['an app that does not start', { ...READY, appRefused: REFUSED }, 'app start'],
])('refuses %s', (_name, facts, name) => {
  const failed = readyChecks(facts).filter(({ result }) => result === 'fail')
  expect(failed.map((check) => check.name)).toEqual([name])
})

test.each([
  ['98 %', withBattery({ levelPct: 98 }), 'level'],
  ['20 %', withBattery({ levelPct: 20 }), 'level'],
  ['41 °C', withBattery({ temperatureC: 41 }), 'temperature'],
  ['an unknown temperature', withBattery({ temperatureC: null }), 'temperature'],
  ['the power saver', { ...PHONE, info: deviceInfo({ powerSaver: true }) }, 'power saver'],
])('warns of %s', (_name, facts, name) => {
  expect(phoneChecks(facts).filter(({ result }) => result !== 'ok')).toMatchObject([{ name, result: 'warn' }])
})

test('warns of a phone that does not tell its screen', () => {
  const checks = readyChecks({ ...READY, screenFound: null })
  expect(checks.filter(({ result }) => result !== 'ok')).toMatchObject([{ name: 'screen', result: 'warn' }])
})

test('names every failed check in one error, with what mends each', () => {
  const facts = { ...withBattery({ status: 'charging', levelPct: 100 }), appInstalled: false }
  expect(() => refuseFailed(phoneChecks(facts))).toThrow(
    expect.objectContaining({
      code: 'DALA_PREFLIGHT',
      message: expect.stringMatching(/charging.*level: 100 %.*app: .* not installed/) as string,
      fix: [
        expect.stringMatching(/^charging: /),
        expect.stringMatching(/^level: /),
        expect.stringMatching(/^app: /),
        expect.stringContaining('--skip-preflight'),
      ] as string[],
    }),
  )
})
