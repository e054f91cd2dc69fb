import { withDeadline } from '../../core/deadline.js'
import type { DeviceSource, FoundDevice } from '../types.js'
import { listPhones, type VirtualPhone } from './registry.js'

/** The virtual phones started under `dir` (see registry.ts), as devices. */
export function virtualSource(dir: string): DeviceSource {
  return {
    name: 'virtual',
    whenLate: {
      code: 'DALA_DISK',
      who: `the virtual phones' folder ${dir}`,
      fix: 'See whether the disk that it is on answers',
    },
    async list(call) {
      const phones = await withDeadline(call, 'Looking for virtual phones', () => listPhones(dir))
      return phones.map(deviceOf)
    },
  }
}

function deviceOf({ id, platform, address, serial, profile, model }: VirtualPhone): FoundDevice {
  return {
    id,
    platform,
    links: [{ transport: 'virtual', via: 'adbd', address }],
    state: { name: 'ready', detail: 'device', cause: null, fix: null },
    hints: { serial, profile, ...(model === null ? {} : { model }) },
  }
}
