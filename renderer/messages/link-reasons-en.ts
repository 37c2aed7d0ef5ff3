import type { LinkReason } from '../../preload/contract/sync.ts'

/** Why the link does not carry, in English; a reason without words does not compile. */
export const linkReasonsInEnglish: { readonly [R in LinkReason]: string } = {
  none: 'no answer',
  'switched-off': 'the cable is pulled',
  'not-enrolled': 'this window is not enrolled at the centre',
  name: "the centre's address was not found (DNS)",
  refused: 'nobody answers at its address (connection refused)',
  'no-route': 'this machine has no network, or no way to the centre',
  stalled: 'the connection stands, but nothing comes through',
  cut: 'the connection broke off half-way',
  portal: 'the network wants a login first: open any page in a browser and follow it',
  proxy: 'the proxy server refuses; ask the administrator to check it',
  'tls-expired': 'its certificate has run out or is not valid yet, or the date of this machine is wrong',
  'tls-untrusted': 'its certificate is from an authority that this machine does not trust',
  'tls-name': "its certificate is another site's",
  tls: 'no secure connection could be made',
  busy: 'it is busy and asks to be tried later',
  gateway: 'it is broken or being mended',
  'refused-by-centre': 'it did not take what was sent',
  replaced: 'another machine has taken the place of this one',
  nonsense: 'the answer makes no sense',
  forked: 'its records of this window differ',
  other: 'the try was ended',
}
