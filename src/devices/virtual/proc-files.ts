import type { PhoneModel } from './models.js'
import type { PhoneClock } from './phone-clock.js'

export interface ProcOptions {
  readonly model: PhoneModel
  readonly apiLevel: number
  readonly clock: PhoneClock
  readonly bootId: string
}

/** Share of its cores' time that a phone on a desk idles. */
const IDLE_SHARE = 0.93

/** The kernel a phone of that API level came with. */
export function kernelRelease(apiLevel: number): string {
  if (apiLevel >= 35) return '6.1.99-android14-11-g2f9d3c6a1b7e-ab12694823'
  if (apiLevel >= 33) return '5.15.123-android13-8-00186-g6e8f1d2c4a0b'
  if (apiLevel >= 30) return '4.19.157-perf-g5c2b7d9e4f10'
  return '4.4.146+'
}

/** `uname -m` of the phone. */
export function machineName(model: PhoneModel): string {
  return model.abis[0] === 'arm64-v8a' ? 'aarch64' : 'armv7l'
}

export const KERNEL_BUILD = '#1 SMP PREEMPT Mon Jan 6 10:21:09 UTC 2025'

/** Files below /proc that the shell user can read, each made when it is read. */
export function procFiles({ model, apiLevel, clock, bootId }: ProcOptions): ReadonlyMap<string, () => string> {
  const uptime = (): string => {
    const uptimeS = clock.uptimeS()
    return `${uptimeS.toFixed(2)} ${(uptimeS * model.cores * IDLE_SHARE).toFixed(2)}\n`
  }
  const version = `Linux version ${kernelRelease(apiLevel)} (build-user@build-host) (clang version 17.0.2) ${KERNEL_BUILD}\n`
  return new Map<string, () => string>([
    ['/proc/uptime', uptime],
    ['/proc/version', () => version],
    ['/proc/meminfo', () => meminfo(model.memoryKb)],
    ['/proc/cpuinfo', () => cpuinfo(model)],
    ['/proc/loadavg', () => '1.32 1.21 1.18 1/2143 18234\n'],
    ['/proc/sys/kernel/random/boot_id', () => `${bootId}\n`],
  ])
}

function meminfo(totalKb: number): string {
  const rows: [string, number][] = [
    ['MemTotal:', totalKb],
    ['MemFree:', Math.round(totalKb * 0.11)],
    ['MemAvailable:', Math.round(totalKb * 0.46)],
    ['Buffers:', 5120],
    ['Cached:', Math.round(totalKb * 0.33)],
    ['SwapTotal:', Math.round(totalKb * 0.5)],
    ['SwapFree:', Math.round(totalKb * 0.42)],
  ]
  return rows.map(([name, kb]) => `${name.padEnd(16)}${String(kb).padStart(8)} kB\n`).join('')
}

function cpuinfo({ cores, hardware }: PhoneModel): string {
  const core = (index: number): string => `processor\t: ${index}\nBogoMIPS\t: 26.00\nCPU implementer\t: 0x41\n`
  return `${Array.from({ length: cores }, (_, index) => core(index)).join('\n')}\nHardware\t: ${hardware}\n`
}
