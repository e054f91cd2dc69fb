export type IdleMode = 'deep' | 'light'

/** DeviceIdleController's defaults: light idle 4 min after the screen went off, deep after 30 min inactive and 30 min idle. */
const LIGHT_AFTER_S = 4 * 60
const DEEP_INACTIVE_AFTER_S = 4 * 60
const DEEP_AFTER_S = 60 * 60

/**
 * The screen, and how deep the phone sleeps. Doze begins when the phone is unplugged (as the battery service says) and its
 * screen is off; nobody moves a virtual phone, so that nothing but screen and charger ends it.
 */
export class PowerState {
  #screenOn = false
  #plugged = false
  #restingSinceS: number | null
  #forced: IdleMode | null = null

  constructor(nowUptimeS: number) {
    this.#restingSinceS = nowUptimeS
  }

  get screenOn(): boolean {
    return this.#screenOn
  }

  get forcedIdle(): IdleMode | null {
    return this.#forced
  }

  setScreen(on: boolean, nowUptimeS: number): void {
    this.#screenOn = on
    if (on) this.#forced = null
    this.#settle(nowUptimeS)
  }

  setPlugged(plugged: boolean, nowUptimeS: number): void {
    this.#plugged = plugged
    this.#settle(nowUptimeS)
  }

  /** `dumpsys deviceidle force-idle`; null is `unforce`, after which the phone starts from active. */
  forceIdle(mode: IdleMode | null, nowUptimeS: number): void {
    this.#forced = mode
    if (mode === null) this.#restingSinceS = this.#rests ? nowUptimeS : null
  }

  /** `dumpsys deviceidle get deep`. */
  deepIdle(uptimeS: number): 'ACTIVE' | 'INACTIVE' | 'IDLE_PENDING' | 'IDLE' {
    if (this.#forced === 'deep') return 'IDLE'
    const restedS = this.#restedS(uptimeS)
    if (restedS === null || restedS < DEEP_INACTIVE_AFTER_S) return 'ACTIVE'
    if (restedS < DEEP_AFTER_S / 2) return 'INACTIVE'
    return restedS < DEEP_AFTER_S ? 'IDLE_PENDING' : 'IDLE'
  }

  /** `dumpsys deviceidle get light`. */
  lightIdle(uptimeS: number): 'ACTIVE' | 'IDLE' | 'OVERRIDE' {
    if (this.#forced === 'light') return 'IDLE'
    if (this.deepIdle(uptimeS) === 'IDLE') return 'OVERRIDE'
    const restedS = this.#restedS(uptimeS)
    return restedS === null || restedS < LIGHT_AFTER_S ? 'ACTIVE' : 'IDLE'
  }

  get #rests(): boolean {
    return !this.#screenOn && !this.#plugged
  }

  #restedS(uptimeS: number): number | null {
    return this.#restingSinceS === null ? null : uptimeS - this.#restingSinceS
  }

  #settle(nowUptimeS: number): void {
    if (!this.#rests) this.#restingSinceS = null
    else this.#restingSinceS ??= nowUptimeS
  }
}
