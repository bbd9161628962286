/** What somebody sees of how they sign in: HTML, and nothing decided. */
import { encode } from 'uqr'
import type { Passkey, SecondFactor, Session } from '#core/hub.ts'
import { limits } from '#core/kernel/limits.ts'
import { isoDate } from '#core/kernel/time.ts'
import { alert } from './forms.ts'
import { codeBlock, escapeHtml } from './html.ts'
import { passkeyButton } from './passkey-button.ts'

export const securityPath = '/settings/security'
export const proofPath = `${securityPath}/proof`

export interface Standing {
  readonly name: string
  readonly hasPassword: boolean
  readonly factor: SecondFactor
  readonly passkeys: readonly Passkey[]
  readonly sessions: readonly Session[]
}

const post = (path: string, inside: string, kind = ''): string =>
  `<form method="post" action="${securityPath}/${path}"${kind === '' ? '' : ` class="${kind}"`}>${inside}</form>`

const hidden = (name: string, value: string): string =>
  `<input type="hidden" name="${name}" value="${escapeHtml(value)}">`

const when = (atMs: number | undefined): string =>
  atMs === undefined ? 'never' : `${isoDate(atMs).slice(0, 16).replace('T', ' ')} UTC`

const methods: Readonly<Record<string, string>> = {
  password: 'password',
  'password+totp': 'password and app',
  'password+recovery': 'password and recovery code',
  passkey: 'passkey',
}

const passwordPart = ({ hasPassword }: Standing): string => `
<section aria-labelledby="password-title"><h2 id="password-title">Password</h2>
${hasPassword ? '' : '<p class="soft">You have none yet.</p>'}
${post(
  'password',
  `${
    hasPassword
      ? '<label for="old">Your password now</label><input id="old" name="old" type="password" required autocomplete="current-password">'
      : ''
  }
<label for="next">New password, ${limits.passwordCharsMin} characters or more</label><input id="next" name="next" type="password" required minlength="${limits.passwordCharsMin}" autocomplete="new-password">
<p class="soft">Every other session ends.</p>
<button>Set password</button>`,
)}</section>`

const factorPart = ({ factor }: Standing): string => `
<section aria-labelledby="factor-title"><h2 id="factor-title">Second factor</h2>
${
  factor.isOn
    ? `<p>An authenticator app is asked for its code when you sign in with your password. Recovery codes left: ${factor.recoveryCodesLeft}.</p>
<div class="row">${post('recovery-codes', '<button class="quiet">New recovery codes</button>')}
${post('second-factor/remove', '<button class="quiet">Turn off</button>')}</div>`
    : `<p class="soft">Off. With an authenticator app, your password alone lets nobody in.</p>
${post('second-factor', '<button class="quiet">Set up an authenticator app</button>')}`
}</section>`

const passkeyRow = ({ id, label, createdAtMs, usedAtMs }: Passkey): string => `
<li><div><strong>${escapeHtml(label)}</strong><br><span class="soft">added ${when(createdAtMs)}, used ${when(usedAtMs)}</span></div>
<div class="row">${post(
  'passkeys/rename',
  `${hidden('id', id)}<input name="label" aria-label="New name of ${escapeHtml(label)}" required maxlength="${limits.passkeyLabelCharsMax}" placeholder="New name"><button class="quiet">Rename</button>`,
  'row',
)}
${post(
  'passkeys/remove',
  `${hidden('id', id)}<button class="quiet" aria-label="Remove ${escapeHtml(label)}">Remove</button>`,
)}</div></li>`

const passkeyPart = ({ passkeys }: Standing): string => `
<section aria-labelledby="passkey-title"><h2 id="passkey-title">Passkeys</h2>
<p class="soft">A passkey lets you in by itself: your device asks who you are.</p>
${passkeys.length === 0 ? '' : `<ul class="list">${passkeys.map(passkeyRow).join('')}</ul>`}
<div data-passkey-part hidden><label for="passkey-label">Name of a new passkey</label><input id="passkey-label" maxlength="${limits.passkeyLabelCharsMax}" value="This device"></div>
${passkeyButton({ act: 'add', label: 'Add a passkey', next: securityPath, proof: proofPath })}</section>`

const sessionRow = ({ id, method, usedAtMs, ip, agent, isThis }: Session): string => `
<li><div>${isThis ? '<strong>This browser</strong>' : escapeHtml(agent ?? 'An unknown program')}<br>
<span class="soft">by ${escapeHtml(methods[method] ?? method)}, from ${escapeHtml(ip ?? 'an unknown address')}, used ${when(usedAtMs)}</span></div>
${
  isThis
    ? ''
    : post(
        'sessions/end',
        `${hidden('id', id)}<button class="quiet" aria-label="End the session of ${escapeHtml(agent ?? 'an unknown program')}">End</button>`,
      )
}</li>`

const sessionPart = ({ sessions }: Standing): string => `
<section aria-labelledby="session-title"><h2 id="session-title">Where you are signed in</h2>
<ul class="list">${sessions.map(sessionRow).join('')}</ul>
<div class="row">${sessions.length > 1 ? post('sessions/end-others', '<button class="quiet">End all others</button>') : ''}
<form method="post" action="/logout"><button class="quiet">Sign out here</button></form></div></section>`

export const securityPage = (standing: Standing, problem?: string): string => `
<h1>How you sign in</h1>
<p class="soft">As <strong>${escapeHtml(standing.name)}</strong>.</p>
${alert(problem)}
${passwordPart(standing)}${factorPart(standing)}${passkeyPart(standing)}${sessionPart(standing)}
`

/** Dark on white whatever the page's colours are, with the quiet zone that readers want. */
const qrCode = (text: string): string => {
  const { data, size } = encode(text, { ecc: 'M', border: 4 })
  const dots = data.flatMap((row, y) =>
    row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : '')),
  )
  return `<svg role="img" aria-label="The link as a QR code" width="240" height="240" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges"><rect width="${size}" height="${size}" fill="#fff"/><path d="${dots.join('')}" fill="#000"/></svg>`
}

/** As people copy it: groups of four, lines that fit a phone. */
const inFours = (secret: string): string[] =>
  (secret.match(/.{1,16}/g) ?? []).map((line) => line.match(/.{1,4}/g)?.join(' ') ?? line)

const confirmForm = (problem?: string): string => `${alert(problem)}
${post(
  'second-factor/confirm',
  `<label for="code">The code that the app shows</label><input id="code" name="code" required autocomplete="one-time-code" inputmode="numeric" maxlength="16" spellcheck="false" autofocus>
<button>Turn on</button>`,
)}
<p><a href="${securityPath}">Not now</a></p>`

export const setUpPage = ({ secret, uri }: { secret: string; uri: string }): string => `
<h1>Set up an authenticator app</h1>
<p>Scan this with the app, <a href="${escapeHtml(uri)}">open it on this device</a>, or type the secret into it.</p>
<p>${qrCode(uri)}</p>
${codeBlock(inFours(secret))}
${confirmForm()}`

export const confirmAgainPage = (problem: string): string => `
<h1>Set up an authenticator app</h1>
${confirmForm(problem)}`

export const codesPage = (codes: readonly string[]): string => `
<h1>Your recovery codes</h1>
<p>They are shown once: print them or write them down. Each lets you in once, in place of the app's code.</p>
${codeBlock(codes)}
<p><a href="${securityPath}">I have kept them</a></p>`

export const proofPage = (
  { hasPassword, factor, passkeys }: Standing,
  next: string,
  problem?: string,
): string => {
  const field = factor.isOn
    ? '<label for="code">Code of your authenticator app, or a recovery code</label><input id="code" name="code" required autocomplete="one-time-code" maxlength="64" spellcheck="false" autocapitalize="none" autofocus>'
    : '<label for="password">Password</label><input id="password" name="password" type="password" required autocomplete="current-password" autofocus>'
  const isAsked = factor.isOn || hasPassword
  const isEnough = isAsked || passkeys.length > 0
  return `
<h1>Is it you?</h1>
<p class="soft">This is asked before changes to how you sign in. Then repeat what you were doing.</p>
${alert(problem)}
${isAsked ? post('proof', `${hidden('next', next)}${field}<button>Continue</button>`) : ''}
${passkeys.length > 0 ? passkeyButton({ act: 'prove', label: 'Use a passkey', next }) : ''}
${isEnough ? '' : '<p>You have neither a password nor a passkey: sign out and in again.</p>'}`
}
