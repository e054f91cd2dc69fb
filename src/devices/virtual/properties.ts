import { createHash } from 'node:crypto'
import { androidBuild, type PhoneModel } from './models.js'

export interface BuildOptions {
  readonly model: PhoneModel
  readonly androidVersion: number
  readonly serial: string
  readonly timeScale: number
}

/** Longest value `setprop` takes for what is not read-only (PROP_VALUE_MAX - 1). */
const MAX_VALUE_BYTES = 91

/** Android's system properties. */
export class PropertyStore {
  readonly #values: Map<string, string>

  constructor(values: ReadonlyMap<string, string>) {
    this.#values = new Map(values)
  }

  get all(): ReadonlyMap<string, string> {
    return this.#values
  }

  /** What `setprop` may do as shell on a user build: `debug.` and a few others. Whether it was done. */
  set(key: string, value: string): boolean {
    if (!/^(debug|log|persist\.log|persist\.debug)\.[\w.:@-]+$/.test(key)) return false
    if (Buffer.byteLength(value) > MAX_VALUE_BYTES) return false
    this.#values.set(key, value)
    return true
  }
}

/** The properties of a phone as `getprop` lists them; only `ro.dala.simulated_time_scale` tells that it is none. */
export function phoneProperties({ model, androidVersion, serial, timeScale }: BuildOptions): Map<string, string> {
  const { apiLevel, buildId } = androidBuild(androidVersion)
  const incremental = String(Number.parseInt(sha(`${model.device}${buildId}`).slice(0, 6), 16))
  const build = `${model.product}-user ${androidVersion} ${buildId} ${incremental} release-keys`
  return new Map(
    Object.entries({
      ...STATE_PROPERTIES,
      'ro.boot.hardware': model.hardware,
      'ro.boot.serialno': serial,
      'ro.build.description': build,
      'ro.build.display.id': buildId,
      'ro.build.fingerprint': fingerprint({ model, androidVersion, buildId, incremental }),
      'ro.build.id': buildId,
      'ro.build.version.incremental': incremental,
      'ro.build.version.release': String(androidVersion),
      'ro.build.version.sdk': String(apiLevel),
      'ro.dala.simulated_time_scale': String(timeScale),
      'ro.hardware': model.hardware,
      ...productProperties(model),
      'ro.serialno': serial,
    }),
  )
}

const STATE_PROPERTIES = {
  'dalvik.vm.heapsize': '512m',
  'gsm.network.type': 'LTE',
  'gsm.operator.alpha': '',
  'gsm.sim.state': 'ABSENT',
  'gsm.version.baseband': '1.0.0.0',
  'init.svc.adbd': 'running',
  'persist.sys.locale': 'en-US',
  'persist.sys.timezone': 'UTC',
  'persist.sys.usb.config': 'adb',
  'ro.boot.bootloader': 'unknown',
  'ro.boot.verifiedbootstate': 'green',
  'ro.bootmode': 'unknown',
  'ro.build.characteristics': 'phone',
  'ro.build.tags': 'release-keys',
  'ro.build.type': 'user',
  'ro.build.user': 'android-build',
  'ro.build.version.codename': 'REL',
  'ro.crypto.state': 'encrypted',
  'ro.debuggable': '0',
  'ro.secure': '1',
  'sys.boot_completed': '1',
  'sys.usb.state': 'adb',
} as const

function productProperties(model: PhoneModel): Record<string, string> {
  const abis64 = model.abis.filter((abi) => abi.includes('64'))
  return {
    'ro.product.brand': model.brand,
    'ro.product.cpu.abi': model.abis[0],
    'ro.product.cpu.abilist': model.abis.join(','),
    'ro.product.cpu.abilist32': model.abis.filter((abi) => !abi.includes('64')).join(','),
    'ro.product.cpu.abilist64': abis64.join(','),
    'ro.product.device': model.device,
    'ro.product.locale': 'en-US',
    'ro.product.manufacturer': model.manufacturer,
    'ro.product.model': model.model,
    'ro.product.name': model.product,
  }
}

interface Fingerprint {
  readonly model: PhoneModel
  readonly androidVersion: number
  readonly buildId: string
  readonly incremental: string
}

function fingerprint({ model, androidVersion, buildId, incremental }: Fingerprint): string {
  const { brand, product, device } = model
  return `${brand}/${product}/${device}:${androidVersion}/${buildId}/${incremental}:user/release-keys`
}

function sha(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
