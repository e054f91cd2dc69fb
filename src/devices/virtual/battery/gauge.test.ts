import { describe, expect, it } from 'vitest'
import { gaugeCounter, gaugeLevelPct } from './gauge.js'
import type { CounterSpec, LevelSpec } from './profiles.js'

const LEVEL: LevelSpec = { stepPct: 1, rounding: 'floor', fullHoldPct: null, jitterSdPct: 0 }
const COUNTER: CounterSpec = { kind: 'fine', stepMah: 1, unit: 'uAh', offsetMah: 0 }
const at = (chargeMah: number, jitterPct = 0) => ({ chargeMah, fullMah: 5000, jitterPct })

describe('a fuel gauge', () => {
  it('floors or rounds the level', () => {
    expect(gaugeLevelPct(LEVEL, at(2745))).toBe(54)
    expect(gaugeLevelPct({ ...LEVEL, rounding: 'nearest' }, at(2745))).toBe(55)
  })

  it('shows the level in steps of five percent where the phone does', () => {
    expect(gaugeLevelPct({ ...LEVEL, stepPct: 5 }, at(2745))).toBe(50)
  })

  it('holds 100 until the true level is well below', () => {
    const holding = { ...LEVEL, fullHoldPct: 97.5 }
    expect(gaugeLevelPct(holding, at(4880))).toBe(100)
    expect(gaugeLevelPct(holding, at(4870))).toBe(97)
  })

  it('lets the estimate wander but stay within 0 and 100', () => {
    expect(gaugeLevelPct(LEVEL, at(2745, 0.2))).toBe(55)
    expect(gaugeLevelPct(LEVEL, at(5000, 3))).toBe(100)
    expect(gaugeLevelPct(LEVEL, at(0, -3))).toBe(0)
  })

  it.each([
    ['fine', COUNTER, 2745.9, 2_745_000],
    ['half a milliampere hour', { ...COUNTER, stepMah: 0.5 }, 2745.9, 2_745_500],
    ['permille', { ...COUNTER, kind: 'permille', stepMah: 5 }, 2749.9, 2_745_000],
    ['level-derived', { ...COUNTER, kind: 'level-derived', stepMah: 50 }, 2749.9, 2_700_000],
    ['in mAh', { ...COUNTER, unit: 'mAh' }, 2749.9, 2749],
    ['negative', { ...COUNTER, offsetMah: -5000 }, 1157.2, -3_843_000],
    ['constant', { ...COUNTER, kind: 'constant', stepMah: 10 }, 2749.9, 10_000],
    ['absent', { ...COUNTER, kind: 'absent' }, 2749.9, null],
  ] as const)('prints a counter that is %s', (_name, spec, chargeMah, printed) => {
    expect(gaugeCounter(spec, gaugeLevelPct(LEVEL, at(chargeMah)), at(chargeMah))).toBe(printed)
  })
})
