import { Flags } from '@oclif/core'
import { BaseCommand } from '../../base-command.js'
import { startVirtualPhones } from '../../devices/virtual/lifecycle.js'
import { renderVirtual, virtualJson } from '../../ui/virtual.js'

export default class VirtualStart extends BaseCommand {
  static override summary = 'Start virtual phones: no hardware, but the real protocols.'
  static override description = `They speak the phone's side of ADB on a loopback port, so that dala and the real adb use them like phones.
Without --detach they run until Ctrl-C. Their one property that no phone has is ro.dala.simulated_time_scale.`
  static override examples = [
    '<%= config.bin %> virtual start --detach',
    '<%= config.bin %> virtual start --android 2 --profile pixel-8pro --seed 1 --time-scale 60 --detach --json',
  ]
  static override flags = {
    android: Flags.integer({ summary: 'How many Android phones.', min: 1, max: 100, default: 1, env: 'DALA_ANDROID' }),
    profile: Flags.string({
      summary: 'Which phone it is: its battery, gauge and names.',
      default: 'samsung-a35',
      env: 'DALA_PROFILE',
    }),
    'android-version': Flags.integer({
      summary: 'Android 8 to 16; default: the profile’s own.',
      env: 'DALA_ANDROID_VERSION',
    }),
    seed: Flags.integer({
      summary: 'Seed of all chance; the same seed gives the same battery.',
      min: 0,
      env: 'DALA_SEED',
    }),
    'time-scale': Flags.integer({
      summary: 'How many times as fast its own clock runs.',
      min: 1,
      max: 3600,
      default: 1,
      env: 'DALA_TIME_SCALE',
    }),
    detach: Flags.boolean({ summary: 'Return once they are ready; end them with: virtual stop.', env: 'DALA_DETACH' }),
  }

  async run(): Promise<object | undefined> {
    const { flags } = await this.parse(VirtualStart)
    const app = this.app()
    const signal = this.interruptible()
    const { android: count, 'android-version': androidVersion = null, 'time-scale': timeScale } = flags
    const { profile, seed = null, detach } = flags
    const log = (line: string): void => void process.stderr.write(`${line}\n`)
    const { virtualDir: dir, clock } = app
    const options = { dir, count, profile, androidVersion, seed, timeScale, serial: null, detach, log, clock }
    const started = await startVirtualPhones(options, { signal, timeoutMs: 20_000 })
    if (!this.jsonEnabled()) process.stdout.write(renderVirtual(started.phones, app.stdout))
    else if (!detach) this.logJson(this.toSuccessJson(virtualJson(started.phones)))
    await started.ended
    // In the foreground the result was needed before the end: it has been printed.
    return detach ? virtualJson(started.phones) : undefined
  }
}
