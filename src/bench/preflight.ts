import { DalaError } from '../core/errors.js'
import type { DeviceInfo, ScreenState } from '../devices/types.js'
import type { PreflightCheck } from './types.js'

/** What can be seen of the phone without touching it. */
export interface PhoneFacts {
  readonly info: DeviceInfo
  readonly app: string
  readonly appInstalled: boolean
}

/** What came of the steps that make it ready; a step that the phone refused has its words in `refused`. */
export interface ReadyFacts {
  readonly appRefused: DalaError | null
  readonly screenWanted: ScreenState
  /** After it was set; null when the phone does not say. */
  readonly screenFound: ScreenState | null
  readonly screenRefused: DalaError | null
}

/** Checks, in the order a user would fix them, whether half an hour spent on this phone can mean anything. Pure. */
export function phoneChecks({ info, app, appInstalled }: PhoneFacts): readonly PreflightCheck[] {
  return [
    checkBattery(info),
    checkUpdates(info),
    checkCharging(info),
    checkLevel(info),
    checkTemperature(info),
    checkSaver(info),
    checkApp(app, appInstalled),
  ]
}

/** Checks whether the phone did as told. Pure. */
export function readyChecks(facts: ReadyFacts): readonly PreflightCheck[] {
  return [checkStart(facts.appRefused), checkScreen(facts)]
}

/** @throws DalaError DALA_PREFLIGHT that names every failed check and what mends it */
export function refuseFailed(checks: readonly PreflightCheck[]): void {
  const failed = checks.filter(({ result }) => result === 'fail')
  const [first, ...others] = failed.map(({ name, fix }) => `${name}: ${fix}`)
  if (first === undefined) return
  const found = failed.map(({ name, found: what }) => `${name}: ${what}`).join('; ')
  throw new DalaError('DALA_PREFLIGHT', `Cannot start the run as the phone is not ready: ${found}`, {
    fix: [first, ...others, 'Measure all the same (the report will say so): --skip-preflight'],
  })
}

function check(name: string, [result, found, fix]: ['ok', string] | ['warn' | 'fail', string, string]): PreflightCheck {
  return { name, result, found, fix: fix ?? null }
}

function checkBattery({ battery }: DeviceInfo): PreflightCheck {
  if (battery === null || battery.present === false) {
    return check('battery', ['fail', 'the phone reports no battery', 'Choose a phone with a battery: dala devices'])
  }
  if (battery.levelPct === null && battery.chargeCounterUah === null) {
    return check('battery', [
      'fail',
      'neither level nor charge counter can be read',
      'Look at: adb shell dumpsys battery',
    ])
  }
  const counter = battery.chargeCounterUah === null ? 'no charge counter: level only' : 'charge counter'
  return check('battery', ['ok', counter])
}

function checkUpdates({ battery }: DeviceInfo): PreflightCheck {
  if (battery?.updatesStopped !== true) return check('readings', ['ok', 'live'])
  return check('readings', ['fail', 'frozen (UPDATES STOPPED)', 'Thaw them: adb shell dumpsys battery reset'])
}

function checkCharging({ battery }: DeviceInfo): PreflightCheck {
  const sources = Object.entries(battery?.plugged ?? {}).flatMap(([name, on]) => (on === true ? [name] : []))
  const fix = 'Unplug it and reach it over WiFi: adb tcpip 5555, then adb connect IP:5555'
  if (sources.length > 0) return check('charging', ['fail', `powered by ${sources.join(', ')}`, fix])
  if (battery?.status === 'charging' || battery?.status === 'full') {
    // Some phones print status 2 with no powered flag: the flags alone are not enough.
    return check('charging', ['fail', `status is ${battery.status}`, fix])
  }
  return check('charging', ['ok', 'on battery'])
}

function checkLevel({ battery }: DeviceInfo): PreflightCheck {
  const level = battery?.levelPct ?? null
  if (level === null) return check('level', ['warn', 'unknown', 'Look at: adb shell dumpsys battery'])
  if (level >= 100) {
    return check('level', ['fail', '100 %', 'Let it fall to 95 % first: many gauges hold 100 % until about 97 %'])
  }
  if (level > 95) return check('level', ['warn', `${level} %`, 'Start at 95 % or less for a comparable run'])
  if (level <= 5) return check('level', ['fail', `${level} %`, 'Charge it to 80 to 90 % first'])
  if (level < 25) return check('level', ['warn', `${level} %`, 'Charge it to 80 to 90 %: gauges are off near empty'])
  return check('level', ['ok', `${level} %`])
}

function checkTemperature({ battery }: DeviceInfo): PreflightCheck {
  const celsius = battery?.temperatureC ?? null
  if (celsius === null)
    return check('temperature', ['warn', 'unknown', 'Note the room and let the phone rest 10 minutes'])
  if (celsius > 40) return check('temperature', ['warn', `${celsius} °C`, 'Let it cool below 40 °C first'])
  if (celsius < 5) return check('temperature', ['warn', `${celsius} °C`, 'Let it warm up first'])
  return check('temperature', ['ok', `${celsius} °C`])
}

function checkSaver({ powerSaver }: DeviceInfo): PreflightCheck {
  if (powerSaver === true) {
    return check('power saver', ['warn', 'on', 'Turn it off: adb shell settings put global low_power 0'])
  }
  return check('power saver', ['ok', powerSaver === null ? 'unknown' : 'off'])
}

function checkApp(app: string, installed: boolean): PreflightCheck {
  if (installed) return check('app', ['ok', app])
  return check('app', ['fail', `${app} is not installed`, 'Install it, or name an installed one: --app PACKAGE'])
}

function checkStart(refused: DalaError | null): PreflightCheck {
  return check('app start', refused === null ? ['ok', 'started'] : ['fail', refused.message, refused.fix[0]])
}

function checkScreen({ screenWanted, screenFound, screenRefused }: ReadyFacts): PreflightCheck {
  const byHand = `Turn the screen ${screenWanted} by hand`
  if (screenRefused !== null) return check('screen', ['fail', screenRefused.message, screenRefused.fix[0]])
  if (screenFound === screenWanted) return check('screen', ['ok', screenWanted])
  if (screenFound === null) {
    return check('screen', ['warn', 'the phone does not say', `Make sure by eye that it is ${screenWanted}`])
  }
  return check('screen', ['fail', `${screenFound}, though told ${screenWanted}`, byHand])
}
