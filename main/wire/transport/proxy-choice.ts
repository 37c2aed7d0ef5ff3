/** The variables that name proxies, as curl and most programs read them. */
export type ProxyEnvironment = Readonly<Record<string, string | undefined>>

/**
 * The HTTP proxy to reach an address by: the one that is set, else what HTTPS_PROXY or HTTP_PROXY names for its kind of
 * address, unless NO_PROXY excepts it (`*`, hosts, `.domain` endings, each with a port or without). This machine itself is
 * always reached directly. Undefined: no proxy.
 */
export function chooseProxy(
  address: URL,
  { chosen, environment }: { readonly chosen?: string | null | undefined; readonly environment: ProxyEnvironment },
): string | undefined {
  if (isThisMachine(address.hostname)) return undefined
  if (chosen !== undefined && chosen !== null) return chosen
  const read = (name: string) => environment[name.toLowerCase()] || environment[name] || ''
  if (isExcepted(address, read('NO_PROXY'))) return undefined
  const named = read(address.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY')
  const proxy = named === '' || named.includes('://') ? named : `http://${named}`
  return /^https?:/.test(proxy) && URL.canParse(proxy) ? proxy : undefined
}

function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\./.test(host)
}

function isExcepted({ hostname, port, protocol }: URL, list: string): boolean {
  const ownPort = port || (protocol === 'https:' ? '443' : '80')
  return list
    .split(/[\s,]+/)
    .filter((item) => item !== '')
    .some((item) => {
      const [, name = '', wantedPort] = /^(.*?)(?::([0-9]+))?$/.exec(item.toLowerCase()) ?? []
      if (wantedPort !== undefined && wantedPort !== ownPort) return false
      const ending = name.replace(/^\*?\.?/, '')
      return name === '*' || hostname === ending || (ending !== '' && hostname.endsWith(`.${ending}`))
    })
}
