import type { Run, RunManifest } from '../../src/bench/types.js'
import { estimate } from '../../src/bench/estimate/estimate.js'
import { buildReport, type Report } from '../../src/report/build.js'
import { simulate, type GaugePlan } from './gauge.js'

export const MANIFEST: RunManifest = {
  kind: 'battery-run',
  version: 1,
  id: '20260105T000000Z-moto-g-no-beam',
  status: 'complete',
  startedAt: '2026-01-05T00:00:00.000Z',
  endedAt: '2026-01-05T01:00:00.000Z',
  device: {
    id: 'virtual-moto-g',
    serial: 'ZY22XXXXXX',
    platform: 'android',
    model: 'Moto G (64-bit)',
    manufacturer: 'Motorola',
    osVersion: '14',
    build: 'U1TFS34.1',
    abi: 'arm64-v8a',
    bootId: null,
    transport: 'virtual',
  },
  app: { package: 'dev.dala.runtime', version: '0.1.0' },
  mode: 'no-beam',
  emulatorFlags: null,
  otpRelease: null,
  power: { status: 'discharging', plugged: false, saver: false, levelPct: 90, temperatureC: 25 },
  screen: { wanted: 'off', atStart: 'off' },
  plan: { app: 'dev.dala.runtime', mode: 'no-beam', durationMs: 3_600_000, intervalMs: 10_000, screen: 'off' },
  preflight: [],
  dala: '0.1.0',
  host: { platform: 'linux', release: '6.1', node: '20.19.0' },
  simulated: { timeScale: 60 },
}

/** A run with its manifest; noise in voltage and a slow drift of temperature make it look like a phone's. */
export function runLike(plan: GaugePlan, manifest: Partial<RunManifest> = {}): Run {
  const { run } = simulate(plan)
  const samples = run.samples.map((sample, index) => ({
    ...sample,
    voltageMv: Math.round(4180 - index / 12 + 6 * Math.sin(index * 1.7)),
    temperatureC: Math.round((25 + 1.4 * (1 - Math.exp(-index / 150))) * 10) / 10,
  }))
  return { ...run, samples, manifest: { ...MANIFEST, ...manifest } }
}

export function reportOf(run: Run): Report {
  return buildReport(run, estimate(run))
}

/** An hour of a fine gauge, with the link lost from minute 20 to minute 26. */
export function gappyRun(manifest: Partial<RunManifest> = {}): Run {
  const run = runLike({ seed: 11, fullMah: 5000, stepMah: 5, rateMah: 60, minutes: 60, cv: 0.4 }, manifest)
  return { ...run, samples: run.samples.filter((sample) => sample.elapsedS < 1200 || sample.elapsedS > 1560) }
}
