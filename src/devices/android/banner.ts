/** What an adbd says of itself in its CNXN. */
export interface Banner {
  /** `device`, `recovery`, `sideload`, `bootloader`, …; `host` for the other side. */
  readonly type: string
  /** `ro.product.name`, `ro.product.model`, `ro.product.device`; what the phone sent, unverified. */
  readonly props: ReadonlyMap<string, string>
  readonly features: ReadonlySet<string>
}

/** `type::key=value;…;features=a,b` (AOSP packages/modules/adb/adb.cpp get_connection_string()). */
export function encodeBanner({ type, props, features }: Banner): Uint8Array {
  const fields = [...props].map(([key, value]) => `${key}=${value.replaceAll(/[;\0]/g, ' ')}`)
  return Buffer.from(`${type}::${[...fields, `features=${[...features].join(',')}`].join(';')}`)
}

/** Reads a banner as leniently as AOSP's parse_banner(): what is missing is empty, what is unknown is kept. */
export function decodeBanner(payload: Uint8Array): Banner {
  const text = Buffer.from(payload).toString('utf8').replace(/\0.*$/s, '')
  const [type = '', , ...rest] = text.split(':')
  const props = new Map<string, string>()
  for (const field of rest.join(':').split(';')) {
    const equals = field.indexOf('=')
    if (equals > 0) props.set(field.slice(0, equals), field.slice(equals + 1))
  }
  const features = new Set(
    props
      .get('features')
      ?.split(',')
      .filter((name) => name !== ''),
  )
  props.delete('features')
  return { type, props, features }
}
