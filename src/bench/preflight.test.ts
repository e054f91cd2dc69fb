import { expect, test } from 'vitest'
import { battery, deviceInfo } from '../../test/fakes/fake-session.js'
import { preflight, type PreflightFacts } from './preflight.js'

const READY: PreflightFacts = {
  info: deviceInfo(),
  app: 'dev.dala.runtime',
  appInstalled: true,
  screenWanted: 'off',
  screenFound: 'off',
}

const withBattery = (differs: object): PreflightFacts => ({
  ...READY,
  info: deviceInfo({ battery: { ...battery(), ...differs } }),
})

test('lets a phone on battery pass without a word of advice', () => {
  const checks = preflight(READY)
  expect(checks.map(({ result }) => result)).toEqual(checks.map(() => 'ok'))
  expect(checks.every(({ fix }) => fix === null)).toBe(true)
})

test.each([
  ['no battery', { ...READY, info: deviceInfo({ battery: null }) }, 'battery'],
  ['a battery that is not there', withBattery({ present: false }), 'battery'],
  ['a battery that says nothing', withBattery({ levelPct: null, chargeCounterUah: null }), 'battery'],
  ['frozen readings', withBattery({ updatesStopped: true }), 'readings'],
  ['a charger', withBattery({ plugged: { ac: false, usb: true, wireless: false, dock: null } }), 'charging'],
  ['a charging status without any flag', withBattery({ status: 'charging' }), 'charging'],
  ['a status of full', withBattery({ status: 'full' }), 'charging'],
  ['100 %', withBattery({ levelPct: 100 }), 'level'],
  ['an empty battery', withBattery({ levelPct: 4 }), 'level'],
  ['an app that is not there', { ...READY, appInstalled: false }, 'app'],
  ['a screen that stays on', { ...READY, screenFound: 'on' as const }, 'screen'],
])('refuses %s and says how to mend it', (_name, facts, name) => {
  const failed = preflight(facts).filter(({ result }) => result === 'fail')
  expect(failed.map((check) => check.name)).toEqual([name])
  expect(failed[0]?.fix).toMatch(/\w/)
})

test.each([
  ['98 %', withBattery({ levelPct: 98 }), 'level'],
  ['20 %', withBattery({ levelPct: 20 }), 'level'],
  ['41 °C', withBattery({ temperatureC: 41 }), 'temperature'],
  ['an unknown temperature', withBattery({ temperatureC: null }), 'temperature'],
  ['the power saver', { ...READY, info: deviceInfo({ powerSaver: true }) }, 'power saver'],
  ['a phone that does not tell its screen', { ...READY, screenFound: null }, 'screen'],
])('warns of %s', (_name, facts, name) => {
  expect(preflight(facts).filter(({ result }) => result !== 'ok')).toMatchObject([{ name, result: 'warn' }])
})
