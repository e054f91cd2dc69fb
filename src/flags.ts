import { Flags } from '@oclif/core'

/** `--device`, which every command that talks to one phone takes. */
export const deviceFlag = Flags.string({
  char: 'd',
  summary: 'Phone to use: id, serial, beginning of its name, ip or ip:port.',
  description: 'Without it, DALA_DEVICE, then ANDROID_SERIAL, then the only usable phone.',
  helpValue: 'PHONE',
})
