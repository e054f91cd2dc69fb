import { RUNTIME_APP } from '../runtime-app.js'

/** An app that is installed. */
export interface InstalledPackage {
  readonly name: string
  readonly versionName: string
  readonly versionCode: number
  readonly uid: number
  readonly system: boolean
  /** Folder that holds its APK. */
  readonly codePath: string
  /** Activity that the launcher starts, full class name; null for what has no icon. */
  readonly launcherActivity: string | null
  readonly activities: readonly string[]
}

function system(name: string, uid: number, activity: string | null): InstalledPackage {
  const launcherActivity = activity === null ? null : `${name}${activity}`
  return {
    name,
    versionName: '1.0',
    versionCode: 1,
    uid,
    system: true,
    codePath: `/system/app/${name.split('.').at(-1) ?? name}`,
    launcherActivity,
    activities: launcherActivity === null ? [] : [launcherActivity],
  }
}

const PREINSTALLED: readonly InstalledPackage[] = [
  system('android', 1000, null),
  system('com.android.settings', 1000, '.Settings'),
  system('com.android.shell', 2000, null),
  system('com.android.phone', 1001, null),
  system('com.android.systemui', 10_080, null),
  system('com.android.providers.settings', 1000, null),
  system('com.android.providers.media', 10_072, null),
  system('com.android.packageinstaller', 10_060, null),
  system('com.android.inputmethod.latin', 10_090, null),
  system('com.google.android.gms', 10_100, null),
  {
    name: RUNTIME_APP,
    versionName: '0.1.0',
    versionCode: 1,
    uid: 10_234,
    system: false,
    codePath: `/data/app/~~Zk1vQ3JhZmVydHk0Mg==/${RUNTIME_APP}-c2ltdWxhdGVkcGhvbmU9PQ==`,
    launcherActivity: `${RUNTIME_APP}.MainActivity`,
    activities: [`${RUNTIME_APP}.MainActivity`],
  },
]

/** What is installed. */
export class PackageRegistry {
  readonly #packages = new Map(PREINSTALLED.map((installed) => [installed.name, installed]))

  get(name: string): InstalledPackage | null {
    return this.#packages.get(name) ?? null
  }

  list(): readonly InstalledPackage[] {
    return [...this.#packages.values()]
  }
}
