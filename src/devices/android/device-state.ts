import type { DeviceState } from '../types.js'

type Name = Exclude<DeviceState['name'], 'ready' | 'unknown' | 'no_permissions' | 'timeout'>

/** Why each state of adb can't be used, and what to do. Keys are adb's own words (AOSP adb.cpp `to_string`). */
const UNUSABLE: Readonly<Record<Name, readonly [cause: string, fix: string]>> = {
  unauthorized: [
    'The phone has not accepted this computer’s adb key',
    'Unlock the phone and accept the “Allow USB debugging?” question; if none appears, unplug it and plug it in again',
  ],
  authorizing: [
    'The phone is still checking this computer’s adb key',
    'Wait a second and run the command again; accept the question on the phone if it asks one',
  ],
  connecting: ['The connection to the phone is still being made', 'Wait a second and run the command again'],
  offline: [
    'The adb server knows the phone but the phone does not answer it',
    'Unplug the phone and plug it in again, or for a phone on the network run: adb disconnect, then adb connect',
  ],
  recovery: ['The phone has started its recovery system, not Android', 'Reboot it into Android: adb reboot'],
  sideload: [
    'The phone waits for an update to be sideloaded, Android is not running',
    'Finish the update or choose “Reboot system now” on the phone',
  ],
  rescue: ['The phone is in rescue mode, Android is not running', 'Choose “Reboot system now” on the phone'],
  bootloader: ['The phone is in its bootloader, Android is not running', 'Reboot it into Android: fastboot reboot'],
  host: ['This is an adb host, not a phone', 'Choose another device'],
}

const NO_PERMISSIONS = [
  'This computer does not let your user open the phone’s USB device',
  'Add a udev rule for the phone (Debian: apt install android-sdk-platform-tools-common), join the group plugdev, and plug it in again',
] as const

/** What a state word of adb means. Never throws; an unknown word becomes `unknown` with the word kept in `detail`. */
export function deviceStateOf(state: string): DeviceState {
  if (state === 'device') return { name: 'ready', detail: state, cause: null, fix: null }
  if (state.startsWith('no permissions')) return unusable('no_permissions', state, NO_PERMISSIONS)
  if (isUnusable(state)) return unusable(state, state, UNUSABLE[state])
  return unusable('unknown', state, [
    `adb says “${state.slice(0, 60)}” of the phone, a state that dala does not know`,
    'See what the phone shows, plug it in again, and run the command again',
  ])
}

/** A phone that can't be told from others: adb addresses phones by serial, and this one has none. */
export function noSerialState(state: string): DeviceState {
  return unusable('unknown', state, [
    'The phone did not tell its serial number, so adb can’t address it',
    'Plug it in again, or connect to it over the network: adb connect HOST:PORT',
  ])
}

function isUnusable(state: string): state is Name {
  return Object.hasOwn(UNUSABLE, state)
}

function unusable(
  name: DeviceState['name'],
  detail: string,
  [cause, fix]: readonly [cause: string, fix: string],
): DeviceState {
  return { name, detail, cause, fix }
}
