/** Letters to people, by whatever carries them. Driver: `mail/smtp`. */

export interface Letter {
  /** One address. */
  readonly to: string
  readonly subject: string
  /** Plain text. */
  readonly text: string
}

export interface Mailer extends AsyncDisposable {
  /** Resolves when the next server has taken it over. Rejects when it has not: it may be sent again. */
  send(letter: Letter): Promise<void>
}
