import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { readingOf } from './battery-plausible.js'
import { parseDumpsysBattery } from './dumpsys-battery.js'

const corpus = join(import.meta.dirname, '../../../test/fixtures/dumpsys-battery')

interface Entry {
  readonly file: string
  readonly id: string
  readonly expected: Readonly<Record<string, unknown>> | null
  readonly normalized?: Readonly<Record<string, unknown>>
  readonly flags?: { readonly updatesStopped: boolean }
}

const entries = JSON.parse(readFileSync(join(corpus, 'index.json'), 'utf8')) as Entry[]

/** The two views in the words of the corpus. */
function views(text: string): Pick<Entry, 'expected' | 'normalized' | 'flags'> {
  const dump = parseDumpsysBattery(text)
  if (dump === null) return { expected: null }
  const reading = readingOf(dump)
  return {
    expected: {
      level: dump.level,
      scale: dump.scale,
      voltage_mV: dump.voltage,
      temperature_C: dump.temperature === null ? null : dump.temperature / 10,
      chargeCounter_uAh: dump.chargeCounter,
      status: dump.status,
      acPowered: dump.acPowered,
      usbPowered: dump.usbPowered,
      wirelessPowered: dump.wirelessPowered,
      present: dump.present,
      health: dump.health,
      technology: dump.technology,
    },
    normalized: {
      percent: reading.levelPct,
      voltage_mV: reading.voltageMv,
      temperature_C: reading.temperatureC,
      chargeCounter_uAh: reading.chargeCounterUah,
    },
    flags: { updatesStopped: reading.updatesStopped },
  }
}

function wanted({ expected, normalized, flags }: Entry): ReturnType<typeof views> {
  return { expected, ...(normalized && { normalized }), ...(flags && { flags }) }
}

describe('the corpus of dumpsys battery', () => {
  test.each(entries)('$file ($id) reads as its index says, literally and normalised', (entry) => {
    expect(views(readFileSync(join(corpus, entry.file), 'utf8'))).toEqual(wanted(entry))
  })

  test.each(entries)('$file ($id) reads the same whatever the line ends and what comes before and after', (entry) => {
    const text = readFileSync(join(corpus, entry.file), 'utf8')
    expect(views(text.replaceAll('\n', '\r\n'))).toEqual(wanted(entry))
    expect(views(text.replaceAll('\n', '\r\r\n'))).toEqual(wanted(entry))
    expect(views(`* daemon not running; starting now at tcp:5037\n* daemon started successfully\n${text}`)).toEqual(
      wanted(entry),
    )
  })
})

it.each(entries.filter(({ normalized }) => normalized))(
  '$file ($id) is not changed by a vendor’s block behind AOSP’s',
  (entry) => {
    const text = readFileSync(join(corpus, entry.file), 'utf8')
    const vendor = 'Current OPPO Battery Service state:\n  level: 1\n  Charge counter: 1\n'
    const headed = text.includes('Current Battery Service state:') ? text : `Current Battery Service state:\n${text}`
    expect(views(`${headed}\n${vendor}`)).toEqual(wanted(entry))
  },
)

const block = (lines: string): string => `Current Battery Service state:\n${lines}\n`

describe('the literal reading', () => {
  it('takes the first of a name and only at the start of a line', () => {
    const dump = parseDumpsysBattery(block('  mod level: 7\n  level: 50\n  level: 60\n  x level:70, voltage:1'))
    expect([dump?.level, dump?.voltage]).toEqual([50, null])
  })

  it('ignores a vendor’s block before AOSP’s', () => {
    expect(parseDumpsysBattery(`Current OPPO Battery Service state:\n level: 1\n${block(' level: 2')}`)?.level).toBe(2)
  })

  it('ignores other output behind the block', () => {
    const dump = parseDumpsysBattery(block('  level: 9\n  technology: Li-ion\nstatus: 1\n  health: 3'))
    expect([dump?.level, dump?.status, dump?.health]).toEqual([9, null, null])
  })

  test.each([
    ['  level: ', null],
    ['  level: x', null],
    ['  level: 5x', null],
    ['  level: 99999999999999999999', null],
    ['  level: -1', -1],
    ['  level:5', 5],
    ['\tlevel : 5 # ok', 5],
  ])('%j', (line, level) => {
    expect(parseDumpsysBattery(block(`${line}\n  scale: 100`))?.level).toBe(level)
  })

  test.each(['', '\n', 'Current Battery Service state:', 'error: closed', "Can't find service: battery", 'a: b\nc: 1'])(
    '%j is no battery',
    (text) => {
      expect(parseDumpsysBattery(text)).toBeNull()
    },
  )
})

function reading(fields: Readonly<Record<string, unknown>>): ReturnType<typeof readingOf> | null {
  const lines = Object.entries(fields).map(([name, value]) => `  ${name}: ${String(value)}`)
  const dump = parseDumpsysBattery(block(lines.join('\n')))
  return dump === null ? null : readingOf(dump)
}

describe('the plausible reading', () => {
  test.each([
    [4_019_000, 96, 4_019_000],
    [748, 14, 748_000],
    [4274, 80, 4_274_000],
    [4622, 57, 4_622_000],
    [471_680, 67, 4_716_800],
    [450_000, 85, null],
    [10_000, 100, null],
    [10_000, 67, null],
    [1000, 50, null],
    [139, 73, null],
    [220, 15, null],
    [-80_000, 50, null],
    [-2_147_483_648, 50, null],
    [2_147_483_647, 50, null],
    [0, 50, null],
    [3_000_000, 0, null],
    [3_000_000, '', null],
  ])('counter %d at level %s is %s µAh', (counter, level, uah) => {
    const read = reading({ 'Charge counter': counter, level })
    expect([read?.chargeCounterUah, read?.rawChargeCounter]).toEqual([uah, counter])
  })

  test.each([
    [0, null],
    [3, null],
    [13, null],
    [-1, null],
    [3000, 3000],
    [5000, 5000],
    [8600, 8600],
    [4_123_456, 4123],
    [22_000, null],
  ])('voltage %d is %s mV', (voltage, mv) => {
    expect(reading({ voltage, level: 5 })?.voltageMv).toBe(mv)
  })

  test.each([
    [0, null],
    [-55, -5.5],
    [26, 2.6],
    [2980, null],
    [25_000, null],
    [-2_147_483_648, null],
  ])('temperature %d is %s °C', (temperature, celsius) => {
    expect(reading({ temperature, level: 5 })?.temperatureC).toBe(celsius)
  })

  test.each([
    [0, 100, 0],
    [40, 50, 80],
    [51, 50, null],
    [-1, 100, null],
    [50, 0, null],
    [50, '', 50],
  ])('level %d of %s is %s %%', (level, scale, pct) => {
    expect(reading({ level, scale, voltage: 4000 })?.levelPct).toBe(pct)
  })

  it('keeps an unknown status and health as null', () => {
    const read = reading({ status: 9, health: 0, level: 1 })
    expect([read?.status, read?.health]).toEqual([null, null])
  })
})

describe('hostile input', () => {
  it('never throws, and what it gives is in range or null', () => {
    const line = fc.tuple(
      fc.constantFrom('level', 'scale', 'voltage', 'temperature', 'Charge counter', 'status', 'technology', 'x'),
      fc.oneof(fc.integer().map(String), fc.string({ unit: 'binary' })),
    )
    fc.assert(
      fc.property(fc.array(line), fc.string({ unit: 'binary' }), (lines, tail) => {
        const dump = parseDumpsysBattery(block(lines.map(([name, value]) => `${name}: ${value}`).join('\n')) + tail)
        if (dump === null) return
        const { levelPct, voltageMv, chargeCounterUah } = readingOf(dump)
        expect(levelPct === null || (levelPct >= 0 && levelPct <= 100)).toBe(true)
        expect(voltageMv === null || (voltageMv >= 2000 && voltageMv <= 10_000)).toBe(true)
        expect(chargeCounterUah === null || chargeCounterUah > 0).toBe(true)
      }),
    )
  })

  it('reads of every prefix only what a cut output can say', () => {
    const text = readFileSync(join(corpus, 'sample-02.txt'), 'utf8')
    const whole = parseDumpsysBattery(text)
    for (let end = 1; end < text.length; end += 1) {
      const dump = parseDumpsysBattery(text.slice(0, text.lastIndexOf('\n', end) + 1))
      const said = Object.entries(dump ?? {}).filter(([, value]) => value !== null)
      expect(whole).toMatchObject(Object.fromEntries(said))
    }
  })

  test.each([
    ['one line', 'level: 5 '.repeat(1_200_000)],
    ['spaces', ' '.repeat(10_000_000)],
    ['key characters', 'a '.repeat(5_000_000)],
    ['headers', 'Current Battery Service state:'.repeat(350_000)],
    ['header lines', 'Current Battery Service state:\n'.repeat(350_000)],
    ['lines', '  level: 5\n'.repeat(1_000_000)],
    ['carriage returns', '\r'.repeat(10_000_000)],
    ['NUL bytes', '\0'.repeat(10_000_000)],
  ])('10 MB of %s', (_what, text) => {
    expect(() => parseDumpsysBattery(text)).not.toThrow()
  })
})
