/** The buttons that need the one script of these pages. */
import { escapeHtml } from './html.ts'

interface Button {
  readonly act: 'sign-in' | 'prove' | 'add'
  readonly label: string
  /** Where to go when it is done. */
  readonly next: string
  /** Where to go when a fresh proof is asked for. */
  readonly proof?: string
}

/** Hidden until the script finds that the browser has passkeys. */
export const passkeyButton = ({ act, label, next, proof }: Button): string => `
<p id="passkey-problem" class="error" role="alert" hidden></p>
<button type="button" class="quiet${act === 'sign-in' ? ' wide' : ''}" data-passkey="${act}" data-next="${escapeHtml(next)}"${proof === undefined ? '' : ` data-proof="${escapeHtml(proof)}"`} hidden>${escapeHtml(label)}</button>
<script type="module" src="/assets/passkeys.js"></script>`
