import { Args } from '@oclif/core'
import { BaseCommand } from '../../base-command.js'
import { deviceJson, renderInfo } from '../../ui/devices.js'

export default class DevicesInfo extends BaseCommand {
  static override summary = 'Show all that is known of one phone.'
  static override examples = ['<%= config.bin %> devices info', '<%= config.bin %> devices info virtual-1 --json']
  static override args = {
    device: Args.string({ description: 'id, serial, beginning of its name, ip or ip:port; default: the only phone' }),
  }

  async run(): Promise<object> {
    const { args } = await this.parse(DevicesInfo)
    const signal = this.interruptible()
    const { session } = await this.app().openDevice(args.device, signal)
    try {
      const described = { device: session.device, info: await session.info({ signal, timeoutMs: 10_000 }) }
      this.log(renderInfo(described))
      return { kind: 'device', version: 1, ...deviceJson(described) }
    } finally {
      session.close()
    }
  }
}
