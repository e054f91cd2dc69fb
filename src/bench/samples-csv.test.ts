import { assert as check, property, string } from 'fast-check'
import { describe, expect, it } from 'vitest'

import { sampleAt, simulate } from '../../test/support/gauge.js'
import { DalaError } from '../core/errors.js'
import { formatSamplesCsv, parseSamplesCsv, SAMPLE_COLUMNS } from './samples-csv.js'

const HEADER = SAMPLE_COLUMNS.join(',')

function errorOf(text: string): DalaError {
  try {
    parseSamplesCsv(text, 'x.csv')
  } catch (error) {
    if (error instanceof DalaError) return error
    throw error
  }
  throw new Error('Cannot find the error as the text was read')
}

describe('parseSamplesCsv()', () => {
  it('reads what formatSamplesCsv() wrote', () => {
    const { samples } = simulate({ seed: 1, fullMah: 5000, stepMah: 5, rateMah: 50, minutes: 10 }).run
    expect(parseSamplesCsv(formatSamplesCsv(samples), 'x.csv')).toEqual(samples)
  })

  it('keeps every text in the source column', () => {
    const text = string({ unit: 'binary' }).filter(
      (value) => value.trim() === value && value !== '' && !value.includes('\0'),
    )
    check(
      property(text, (source) => {
        const samples = [sampleAt(0, { levelPct: 50, source })]
        expect(parseSamplesCsv(formatSamplesCsv(samples), 'x.csv')).toEqual(samples)
      }),
    )
  })

  it('takes columns in any order, ignores unknown ones and leaves missing ones unmeasured', () => {
    const [sample] = parseSamplesCsv('\uFEFFnote,Level_Pct,elapsed_s\r\n"a, ""b""\nc",81,10\r\n', 'x.csv')
    expect(sample).toMatchObject({ elapsedS: 10, levelPct: 81, chargeCounterUah: null, charging: null, source: null })
  })

  it.each([
    ['device_uptime_s,level_pct\n100,90\n160,89', [0, 60]],
    ['wall_time,level_pct\n2026-01-05T00:00:00Z,90\n2026-01-05T00:01:30Z,89\n', [0, 90]],
  ])('derives the elapsed time from %j', (text, elapsed) => {
    expect(parseSamplesCsv(text, 'x.csv').map((sample) => sample.elapsedS)).toEqual(elapsed)
  })

  it.each([
    ['', 'Cannot read x.csv as samples: it is empty'],
    ['\uFEFF\r\n\r\n', 'it is empty'],
    ['PK\u0003\u0004\0\0', 'it is not text'],
    ['elapsed_s,voltage_mv\n0,4000', 'line 1 names neither level_pct nor charge_counter_uah'],
    ['elapsed_s;level_pct\n0;90', 'its fields are not separated by commas'],
    ['level_pct,level_pct\n1,2', 'line 1 has two columns level_pct'],
    ['elapsed_s,level_pct\n0,90\n10,9O', 'line 3, column level_pct: "9O" is not a number'],
    ['elapsed_s,level_pct\n0,NaN', 'line 2, column level_pct: "NaN" is not a number'],
    ['elapsed_s,level_pct\n0,90,1', 'line 2 has 3 fields where the header has 2'],
    ['elapsed_s,level_pct\n0', 'line 2 has 1 fields where the header has 2'],
    ['elapsed_s,level_pct\n0,"90', 'line 2, field 2: a quote is not closed'],
    ['elapsed_s,level_pct\n0,9"0"', 'line 2, field 2: a quote stands inside a field'],
    ['level_pct\n90', 'line 2 has none of elapsed_s, device_uptime_s and wall_time'],
    ['elapsed_s,level_pct,charging\n0,90,maybe', 'line 2, column charging: "maybe" is not one of true, false, 1, 0'],
    ['elapsed_s,level_pct,liveness\n0,90,undead', 'column liveness: "undead" is not one of alive_rpc'],
    ['elapsed_s,level_pct,wall_time\n0,90,noon', 'column wall_time: "noon" is not an ISO 8601 time'],
    ['wall_time,level_pct\n5,90', 'line 2, column wall_time: "5" is not an ISO 8601 time with its zone'],
    ['wall_time,level_pct\n2026-13-05T00:00:00Z,90', 'column wall_time: "2026-13-05T00:00:00Z" is not an ISO 8601'],
    [
      'wall_time,level_pct\n2001-01-05T00:00:00Z,90\n2026-01-05T00:00:00Z,89',
      'line 3, column wall_time: it is years from the first',
    ],
    ['elapsed_s,level_pct\n0,90\n10,150', 'line 3, column level_pct: "150" is not between 0 and 100'],
    ['elapsed_s,level_pct\n0,-5', 'line 2, column level_pct: "-5" is not between 0 and 100'],
    ['elapsed_s,level_pct\n1e99,50', 'line 2, column elapsed_s: "1e99" is not between 0 and 315576000'],
    ['elapsed_s,level_pct\n-1,50', 'line 2, column elapsed_s: "-1" is not between'],
    ['device_uptime_s,level_pct\n-1,50', 'line 2, column device_uptime_s: "-1" is not between'],
    ['elapsed_s,charge_counter_uah\n0,2e9', 'line 2, column charge_counter_uah: "2e9" is not between'],
    ['elapsed_s,level_pct,voltage_mv\n0,50,4100000', 'line 2, column voltage_mv: "4100000" is not between'],
    ['elapsed_s,level_pct,temperature_c\n0,50,250', 'line 2, column temperature_c: "250" is not between'],
  ])('refuses %j', (text, message) => {
    const error = errorOf(text)
    expect(error.code).toBe('DALA_RUN_UNREADABLE')
    expect(error.message).toContain(message)
    expect(error.fix[0]).toContain(HEADER)
  })

  it('names the line after a field of several lines', () => {
    expect(errorOf('elapsed_s,level_pct,source\n0,90,"a\nb"\n1,x,c').message).toContain('line 4, column level_pct')
  })

  it('reads ten megabytes', () => {
    const text = `${HEADER}\n${'1,,5000,90,4500000,,4100,25,false,off,process_only,12,dumpsys battery\n'.repeat(150_000)}`
    expect(parseSamplesCsv(text, 'x.csv')).toHaveLength(150_000)
  })

  it('refuses ten megabytes of one quoted field', () => {
    expect(errorOf(`level_pct\n"${'x'.repeat(10_000_000)}`).message).toContain('a quote is not closed')
  })
})
