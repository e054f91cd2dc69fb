import { DalaError } from '../../core/errors.js'
import {
  MOTO_E_BATTERY,
  MOTO_G_BATTERY,
  PIXEL_8PRO_BATTERY,
  REDMI_MAH_BATTERY,
  SAMSUNG_A35_BATTERY,
  type BatteryProfile,
} from './battery/profiles.js'

/** A phone that can be started: who made it, and what battery it has. */
export interface PhoneModel {
  readonly brand: string
  readonly manufacturer: string
  readonly model: string
  readonly product: string
  readonly device: string
  /** The chip, as `ro.hardware` names it. */
  readonly hardware: string
  /** Major version that it runs unless told otherwise. */
  readonly androidVersion: number
  /** Best first. */
  readonly abis: readonly [string, ...string[]]
  readonly cores: number
  readonly memoryKb: number
  readonly battery: BatteryProfile
}

/** API level and a build id of each Android version that can be chosen. */
export const ANDROID_BUILDS: Readonly<Record<number, { readonly apiLevel: number; readonly buildId: string }>> = {
  8: { apiLevel: 26, buildId: 'OPR1.170623.027' },
  9: { apiLevel: 28, buildId: 'PPR1.180610.011' },
  10: { apiLevel: 29, buildId: 'QP1A.190711.020' },
  11: { apiLevel: 30, buildId: 'RP1A.200720.011' },
  12: { apiLevel: 31, buildId: 'SP1A.210812.016' },
  13: { apiLevel: 33, buildId: 'TP1A.220624.014' },
  14: { apiLevel: 34, buildId: 'UP1A.231005.007' },
  15: { apiLevel: 35, buildId: 'AP3A.240905.015' },
  16: { apiLevel: 36, buildId: 'BP2A.250605.031' },
}

const ARM64 = ['arm64-v8a', 'armeabi-v7a', 'armeabi'] as const

const MOTO_E: PhoneModel = {
  brand: 'motorola',
  manufacturer: 'motorola',
  model: 'moto e(6) play',
  product: 'bali_reteu',
  device: 'bali',
  hardware: 'mt6739',
  androidVersion: 9,
  abis: ['armeabi-v7a', 'armeabi'],
  cores: 4,
  memoryKb: 1_932_328,
  battery: MOTO_E_BATTERY,
}

const MOTO_G: PhoneModel = {
  brand: 'motorola',
  manufacturer: 'motorola',
  model: 'moto g(30)',
  product: 'caprip_retail',
  device: 'caprip',
  hardware: 'qcom',
  androidVersion: 12,
  abis: ARM64,
  cores: 8,
  memoryKb: 3_750_964,
  battery: MOTO_G_BATTERY,
}

const SAMSUNG_A35: PhoneModel = {
  brand: 'samsung',
  manufacturer: 'samsung',
  model: 'SM-A356B',
  product: 'a35xnaxx',
  device: 'a35x',
  hardware: 's5e8835',
  androidVersion: 15,
  abis: ARM64,
  cores: 8,
  memoryKb: 5_688_192,
  battery: SAMSUNG_A35_BATTERY,
}

const PIXEL_8PRO: PhoneModel = {
  brand: 'google',
  manufacturer: 'Google',
  model: 'Pixel 8 Pro',
  product: 'husky',
  device: 'husky',
  hardware: 'husky',
  androidVersion: 16,
  abis: ['arm64-v8a'],
  cores: 9,
  memoryKb: 11_928_572,
  battery: PIXEL_8PRO_BATTERY,
}

const REDMI_MAH: PhoneModel = {
  brand: 'Redmi',
  manufacturer: 'Xiaomi',
  model: '24117RN76G',
  product: 'tanzanite_global',
  device: 'tanzanite',
  hardware: 'mt6789',
  androidVersion: 16,
  abis: ARM64,
  cores: 8,
  memoryKb: 7_823_440,
  battery: REDMI_MAH_BATTERY,
}

export const PHONE_MODELS: Readonly<Record<string, PhoneModel>> = {
  'moto-e-32': MOTO_E,
  'moto-g-64': MOTO_G,
  'samsung-a35': SAMSUNG_A35,
  'pixel-8pro': PIXEL_8PRO,
  'redmi-mAh': REDMI_MAH,
}

/** The model of a profile name. @throws DalaError DALA_PROFILE_UNKNOWN, which lists the known ones */
export function phoneModel(profile: string): PhoneModel {
  const model = Object.hasOwn(PHONE_MODELS, profile) ? PHONE_MODELS[profile] : undefined
  if (model !== undefined) return model
  const known = Object.keys(PHONE_MODELS).join(', ')
  throw new DalaError(
    'DALA_PROFILE_UNKNOWN',
    `Cannot start a virtual phone as "${profile}": there is no such profile; known profiles are ${known}`,
    { fix: [`Choose one of: ${known}`] },
  )
}

/** API level and build id of an Android version. @throws DalaError DALA_USAGE for a version that no virtual phone runs */
export function androidBuild(androidVersion: number): { readonly apiLevel: number; readonly buildId: string } {
  const build = ANDROID_BUILDS[androidVersion]
  if (build !== undefined) return build
  const known = Object.keys(ANDROID_BUILDS).join(', ')
  throw new DalaError('DALA_USAGE', `Cannot start a virtual phone as Android ${androidVersion}: known are ${known}`, {
    fix: [`Choose one of: ${known}`],
  })
}
