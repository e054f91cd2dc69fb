export const SETTINGS_NAMESPACES = ['system', 'secure', 'global'] as const
export type SettingsNamespace = (typeof SETTINGS_NAMESPACES)[number]

const DEFAULTS: Readonly<Record<SettingsNamespace, Readonly<Record<string, string>>>> = {
  system: { screen_brightness: '102', screen_brightness_mode: '1', screen_off_timeout: '60000' },
  secure: { android_id: '3f1d5c0a9e7b2468', location_mode: '3' },
  global: {
    adb_enabled: '1',
    airplane_mode_on: '0',
    device_provisioned: '1',
    low_power: '0',
    mode_ringer: '2',
    stay_on_while_plugged_in: '0',
    wifi_on: '1',
  },
}

/** Android's settings tables. */
export class SettingsStore {
  readonly #tables: Readonly<Record<SettingsNamespace, Map<string, string>>>

  constructor() {
    this.#tables = {
      system: new Map(Object.entries(DEFAULTS.system)),
      secure: new Map(Object.entries(DEFAULTS.secure)),
      global: new Map(Object.entries(DEFAULTS.global)),
    }
  }

  /** Null when the key was never set. */
  get(namespace: SettingsNamespace, key: string): string | null {
    return this.#tables[namespace].get(key) ?? null
  }

  put(namespace: SettingsNamespace, key: string, value: string): void {
    this.#tables[namespace].set(key, value)
  }

  /** Whether there was such a key. */
  delete(namespace: SettingsNamespace, key: string): boolean {
    return this.#tables[namespace].delete(key)
  }

  entries(namespace: SettingsNamespace): [string, string][] {
    return [...this.#tables[namespace]].toSorted(([a], [b]) => (a < b ? -1 : 1))
  }

  get lowPower(): boolean {
    return this.get('global', 'low_power') === '1'
  }
}
